package dev.slipway.notification;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long a notification waits after each try that failed: the times of Standard Webhooks. */
final class RetrySchedule {
  private static final List<Duration> WAITS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(24));

  private RetrySchedule() {}

  /**
   * The wait for the next try; empty after the last.
   *
   * @param failures how many tries have failed
   */
  static Optional<Duration> waitAfter(int failures) {
    return failures <= WAITS.size() ? Optional.of(WAITS.get(failures - 1)) : Optional.empty();
  }
}
