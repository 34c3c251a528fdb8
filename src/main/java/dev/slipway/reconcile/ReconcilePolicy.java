package dev.slipway.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Which deployments are recovered, and of which repositories.
 *
 * @param maxAge older deployments are not recovered
 * @param grace younger deployments may still be delivered
 * @param repositories repositories to check besides those whose deployments came in
 * @param publicBase the start of our webhook address and our log links
 */
public record ReconcilePolicy(
    Duration maxAge, Duration grace, List<String> repositories, Supplier<String> publicBase) {
  public ReconcilePolicy {
    repositories = List.copyOf(repositories);
  }

  /** Old enough not to be on its way, and young enough to matter. */
  boolean isDue(Instant madeAt, Instant now) {
    return !madeAt.isAfter(now.minus(grace)) && madeAt.isAfter(now.minus(maxAge));
  }

  /** GitHub tells whole seconds, so a deployment may look a second older than it is. */
  static boolean isOurs(Instant madeAt, Instant since) {
    return madeAt.plusSeconds(1).isAfter(since);
  }
}
