package dev.slipway.app;

import dev.slipway.run.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * The only place that reads the clock, and the only one that sleeps. Cuts to milliseconds, which is
 * what the database keeps, so that a time is the same before and after a restart.
 */
final class SystemTime implements InstantSource, Pause {
  @Override
  public Instant instant() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public void until(Instant instant) throws InterruptedException {
    Duration left = Duration.between(instant(), instant);
    if (left.isPositive()) {
      Thread.sleep(left);
    }
  }
}
