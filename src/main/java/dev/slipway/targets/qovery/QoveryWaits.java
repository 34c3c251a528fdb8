package dev.slipway.targets.qovery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next call. */
final class QoveryWaits {
  static final Duration RUNNING = Duration.ofSeconds(5);
  static final Duration QUEUED = Duration.ofSeconds(10);
  static final Duration HOPELESS = Duration.ofSeconds(30);

  private QoveryWaits() {}

  /** Between two tries to start; random, so that rivals do not meet again. */
  static Duration busy() {
    return between(5, 10);
  }

  static Duration trouble() {
    return between(15, 30);
  }

  private static Duration between(int least, int most) {
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(least * 1000L, most * 1000L + 1));
  }
}
