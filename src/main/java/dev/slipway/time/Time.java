package dev.slipway.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of day, the time that passes, and waiting. The two clocks differ: somebody can set the
 * time of day, and the time that passes only goes forward. Tests use a time that passes when they
 * say so.
 */
public interface Time extends InstantSource {
  /**
   * The time that has passed since some fixed moment, in nanoseconds. A single value means nothing;
   * subtract two, or call {@link #since}. No clock that is set changes it.
   */
  long nanos();

  /** Returns after this duration, or at once if it is not positive. */
  void sleep(Duration duration) throws InterruptedException;

  /** Returns at this instant or a little later; at once if it has passed. */
  default void sleepUntil(Instant instant) throws InterruptedException {
    sleep(Duration.between(instant(), instant));
  }

  /**
   * How much time has passed since an earlier call of {@link #nanos}.
   *
   * @param nanos what that call returned
   */
  default Duration since(long nanos) {
    return Duration.ofNanos(nanos() - nanos);
  }
}
