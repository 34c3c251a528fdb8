package dev.slipway.targets.qovery;

import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.SafeExcerpt;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a deploy of a Qovery job.
 *
 * @param forceEvent {@code START}, {@code STOP}, {@code DELETE}, {@code CRON}, or null
 * @param imageTag the tag to deploy for a job that comes from an image registry; {@code {sha}} in
 *     it stands for the commit. Null for a job that comes from git
 */
public record QoveryJobConfig(
    QoveryAccount account,
    String jobId,
    @Nullable String forceEvent,
    @Nullable String imageTag,
    AttemptLimits limits) {
  private static final List<String> EVENTS = List.of("START", "STOP", "DELETE", "CRON");

  /** What is wrong with the event; empty when nothing is. */
  public static Optional<String> problemWithForceEvent(String forceEvent) {
    return EVENTS.contains(forceEvent)
        ? Optional.empty()
        : Optional.of(
            "QOVERY_JOB_FORCE_EVENT is %s; set START, STOP, DELETE or CRON, or leave it out"
                .formatted(SafeExcerpt.of(forceEvent)));
  }
}
