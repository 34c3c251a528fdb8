package dev.slipway.store;

import java.time.Instant;
import java.util.Optional;

/** Takes one run at a time, for tests that are not about taking many. */
public final class LeasedRuns {
  private LeasedRuns() {}

  /** Takes a run for a worker that sees no commands. */
  public static Optional<LeasedRun> acquire(Runs runs, String owner, Instant now) {
    return acquire(runs, new LeaseOwner(owner, null), now);
  }

  public static Optional<LeasedRun> acquire(Runs runs, LeaseOwner owner, Instant now) {
    return runs.acquire(owner, now, 1).stream().findFirst();
  }
}
