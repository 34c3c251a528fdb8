package dev.slipway.app;

import dev.slipway.store.Retention;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Removes what is old, once an hour; replicas begin at different times. */
final class Sweeper implements Loop.Round {
  private static final Duration EACH = Duration.ofHours(1);
  private static final Duration BETWEEN_STEPS = Duration.ofMillis(50);

  private final Retention retention;
  private final SystemTime time;
  private Duration wait = Duration.ofSeconds(60 + ThreadLocalRandom.current().nextInt(600));

  Sweeper(Retention retention, SystemTime time) {
    this.retention = retention;
    this.time = time;
  }

  @Override
  public void run() throws InterruptedException {
    time.until(time.instant().plus(wait));
    wait = EACH;
    while (retention.removeSome(time.instant())) {
      time.until(time.instant().plus(BETWEEN_STEPS));
    }
  }
}
