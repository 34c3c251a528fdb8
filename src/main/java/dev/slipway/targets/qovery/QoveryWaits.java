package dev.slipway.targets.qovery;

import dev.slipway.http.Reply;
import java.time.Duration;
import java.time.Instant;
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

  /** What Qovery asked for, but no busy loop when it asks for nothing. */
  static Duration asked(Reply.Answered answered, Instant now, Duration otherwise) {
    Duration least = Duration.ofSeconds(1);
    return answered
        .retryAfter(now)
        .map(wait -> wait.compareTo(least) < 0 ? least : wait)
        .orElse(otherwise);
  }

  private static Duration between(int least, int most) {
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(least * 1000L, most * 1000L + 1));
  }
}
