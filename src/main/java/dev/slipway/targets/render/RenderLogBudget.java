package dev.slipway.targets.render;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The reads of logs of one API key, of which Render allows 30 a minute: one every three seconds in
 * the long run, ten at once. Half of those are left to deploys that have ended, for they cannot
 * come back later.
 */
final class RenderLogBudget {
  private static final Duration EACH = Duration.ofSeconds(3);
  private static final Duration AT_ONCE = EACH.multipliedBy(10);
  private static final Duration WHILE_GOING = AT_ONCE.dividedBy(2);

  private final InstantSource clock;
  private Instant paidUntil = Instant.MIN;
  private Instant pausedUntil = Instant.MIN;

  RenderLogBudget(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Takes a read.
   *
   * @param atEnd whether the deploy is over
   * @return whether it may be made now
   */
  synchronized boolean take(boolean atEnd) {
    Instant now = clock.instant();
    Instant paid = (paidUntil.isBefore(now) ? now : paidUntil).plus(EACH);
    if (now.isBefore(pausedUntil) || paid.isAfter(now.plus(atEnd ? AT_ONCE : WHILE_GOING))) {
      return false;
    }
    paidUntil = paid;
    return true;
  }

  /** Render wants no reads of logs for so long. */
  synchronized void pause(Duration wait) {
    pausedUntil = clock.instant().plus(wait);
  }
}
