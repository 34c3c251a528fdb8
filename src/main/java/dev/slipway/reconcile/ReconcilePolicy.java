package dev.slipway.reconcile;

import dev.slipway.store.ReconcileState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is looked for, and where.
 *
 * @param maxAge what was made longer ago is left alone
 * @param grace what was made more recently may still be delivered
 * @param repositories repositories to look at besides those whose deployments came in
 * @param publicBase what our webhook address and our log links begin with
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
  static boolean isOurs(Instant madeAt, ReconcileState.WatchedRepository watched) {
    return madeAt.plusSeconds(1).isAfter(watched.since());
  }
}
