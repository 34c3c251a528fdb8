package dev.slipway.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The only place that reads the clock, and the only one that sleeps. It reads the machine's clock
 * once and then goes by time that passes, so that no deadline is missed or reached because the
 * clock was set; {@link #follow} makes it read the clock anew. Cuts to milliseconds, which is what
 * the database keeps, so that a time is the same before and after a restart.
 */
public final class SystemTime implements InstantSource, Sleeper {
  private final InstantSource machine;
  private final LongSupplier ticker;
  private volatile Start start;

  private record Start(Instant at, long ticks) {}

  public SystemTime() {
    this(() -> Instant.now(), System::nanoTime);
  }

  /**
   * @param ticker nanoseconds that pass, from any beginning
   */
  public SystemTime(InstantSource machine, LongSupplier ticker) {
    this.machine = machine;
    this.ticker = ticker;
    this.start = now();
  }

  private Start now() {
    return new Start(machine.instant(), ticker.getAsLong());
  }

  @Override
  public Instant instant() {
    Start from = start;
    return from.at().plusNanos(ticker.getAsLong() - from.ticks()).truncatedTo(ChronoUnit.MILLIS);
  }

  /** How far the machine's clock is ahead of this one, since somebody set it or it slept. */
  public Duration setBy() {
    return Duration.between(instant(), machine.instant());
  }

  /** Goes by the machine's clock as it is now. */
  public void follow() {
    start = now();
  }

  @Override
  public void until(Instant instant) throws InterruptedException {
    Duration left = Duration.between(instant(), instant);
    if (left.isPositive()) {
      Thread.sleep(left);
    }
  }
}
