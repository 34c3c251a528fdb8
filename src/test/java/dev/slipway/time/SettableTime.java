package dev.slipway.time;

import java.time.Duration;
import java.time.Instant;

/**
 * Time for tests: it passes when a test says so or somebody sleeps, who is back at once. Safe for
 * use by many threads; of several that sleep, the latest instant counts.
 */
public final class SettableTime implements Time {
  public static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  private final Time waits;
  private Instant now;
  private long nanos;

  /** Begins at {@link #START}. */
  public SettableTime() {
    this(START);
  }

  public SettableTime(Instant start) {
    this.now = start;
    this.waits = this;
  }

  private SettableTime(Instant start, Time waits) {
    this.now = start;
    this.waits = waits;
  }

  /** One of which only the time of day is the test's, for tests that run commands. */
  public static SettableTime withRealWaits(Instant start) {
    return new SettableTime(start, new SystemTime());
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public long nanos() {
    if (waits != this) {
      return waits.nanos();
    }
    synchronized (this) {
      return nanos;
    }
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (waits == this) {
      sleepUntil(instant().plus(duration));
    } else {
      waits.sleep(duration);
    }
  }

  @Override
  public void sleepUntil(Instant instant) throws InterruptedException {
    if (waits != this) {
      Time.super.sleepUntil(instant);
      return;
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    synchronized (this) {
      if (instant.isAfter(now)) {
        pass(Duration.between(now, instant));
      }
    }
  }

  public synchronized void pass(Duration duration) {
    now = now.plus(duration);
    nanos += duration.toNanos();
  }

  /** Sets the time of day; no time passes. */
  public synchronized void set(Instant instant) {
    now = instant;
  }
}
