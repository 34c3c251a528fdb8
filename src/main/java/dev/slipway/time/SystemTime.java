package dev.slipway.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The machine's time, and the only class that reads its clock or sleeps. It reads the time of day
 * once and then adds the time that passes, so that no deadline is missed or reached because the
 * clock was set; {@link #resync} reads the time of day again. Instants are cut to milliseconds,
 * which is what the database keeps, so that a time is the same before and after a restart.
 */
public final class SystemTime implements Time {
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
  public Duration drift() {
    return Duration.between(instant(), machine.instant());
  }

  /** Goes by the machine's clock as it is now. */
  public void resync() {
    start = now();
  }

  @Override
  public long nanos() {
    return ticker.getAsLong();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (duration.isPositive()) {
      Thread.sleep(duration);
    }
  }
}
