package dev.slipway.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at deploying by one target within a run: what the target is handed.
 *
 * @param deploymentId our own number of the deployment, the one in {@code log_url}
 * @param run 1 for the first run of the deployment, 2 after a retry, and so on
 * @param since when the intent to start this target was written down; nothing that a provider
 *     created before it is ours
 * @param host where its command was to be, as the last intent says; null when its deploys can be
 *     seen from everywhere
 */
public record Attempt(
    Deployment deployment,
    long deploymentId,
    int run,
    String target,
    Instant since,
    @Nullable CommandHost host) {
  /**
   * Names the attempt, and no other one of any database; the same after a restart. Begins with the
   * number of the deployment; letters, digits and hyphens.
   */
  public String id() {
    return "%d-%d-%s-%d".formatted(deploymentId, run, target, since.getEpochSecond());
  }
}
