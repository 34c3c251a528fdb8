package dev.slipway.targets.qovery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before asking Qovery again. */
final class QoveryWaits {
  static final Duration RUNNING = Duration.ofSeconds(5);
  static final Duration QUEUED = Duration.ofSeconds(10);

  /** After an answer that only another setting can change. */
  static final Duration DENIED = Duration.ofSeconds(30);

  private QoveryWaits() {}

  /** Between two tries to start. Random, so that two callers do not collide again. */
  static Duration busy() {
    return between(5, 10);
  }

  /** After a read that failed. Random, so that not all followers come back at once. */
  static Duration unavailable() {
    return between(15, 30);
  }

  private static Duration between(int least, int most) {
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(least * 1000L, most * 1000L + 1));
  }
}
