package dev.slipway.crash;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another process will make true. */
final class WaitFor {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private WaitFor() {}

  static void holds(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not so after " + LIMIT + ": " + what);
      }
      pass(Duration.ofMillis(10));
    }
  }

  /** Lets real time pass, for real processes. */
  static void pass(Duration time) {
    try {
      boolean _ = new Semaphore(0).tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
