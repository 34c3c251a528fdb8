package dev.slipway.targets.render;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The reads of one API key: one every fifth of a second in the long run, fifty at once. */
final class RenderReadBudget {
  private static final Duration EACH = Duration.ofMillis(200);
  private static final Duration AT_ONCE = EACH.multipliedBy(50);

  private final InstantSource clock;
  private Instant paidUntil = Instant.MIN;

  RenderReadBudget(InstantSource clock) {
    this.clock = clock;
  }

  /** Reserves the next read, and returns how long to wait before it may be made. */
  synchronized Duration reserve() {
    Instant now = clock.instant();
    paidUntil = (paidUntil.isBefore(now) ? now : paidUntil).plus(EACH);
    Duration wait = Duration.between(now.plus(AT_ONCE), paidUntil);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  /** Counts a read that cannot wait. */
  void spend() {
    Duration _ = reserve();
  }
}
