package dev.slipway.model;

import java.time.Duration;

/**
 * How long a target may take for each part of its attempt.
 *
 * @param start how long a busy or throttling provider is asked again before it counts as refused
 * @param grace how long a deploy that may have started must be absent at the provider before it
 *     surely did not start
 * @param lookup how long an unknown outcome is looked up before it ends as unknown
 * @param total how long a started deploy may run before it is stopped and counts as failed
 * @param noProgress how long a started deploy may stay in one phase before it is stopped; never
 *     more than the total
 * @param check how long what is live may take to pass its check; zero when it is not checked
 */
public record AttemptLimits(
    Duration start,
    Duration grace,
    Duration lookup,
    Duration total,
    Duration noProgress,
    Duration check) {
  public AttemptLimits {
    if (grace.compareTo(lookup) > 0) {
      throw new IllegalArgumentException("grace " + grace + " is longer than lookup " + lookup);
    }
    noProgress = noProgress.compareTo(total) > 0 ? total : noProgress;
  }

  /** The limits of a target that is not checked. */
  public AttemptLimits(
      Duration start, Duration grace, Duration lookup, Duration total, Duration noProgress) {
    this(start, grace, lookup, total, noProgress, Duration.ZERO);
  }

  /** The same limits with one for a check. */
  public AttemptLimits withCheck(Duration limit) {
    return new AttemptLimits(start, grace, lookup, total, noProgress, limit);
  }

  /** The limits of a target that watches its progress itself, or has no phases. */
  public AttemptLimits(Duration start, Duration grace, Duration lookup, Duration total) {
    this(start, grace, lookup, total, total);
  }
}
