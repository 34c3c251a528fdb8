package dev.slipway.server;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Awaits what another thread or process will make true. */
public final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(50);
  private static final Duration PROCESSES = Duration.ofMinutes(2);
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private Await() {}

  /** Checks a condition until it holds; the failure says what was seen last. */
  public static void until(Supplier<String> seen, Supplier<Boolean> condition) {
    within(LIMIT, seen, condition);
  }

  /** Checks a condition that only other processes make true, until it holds. */
  public static void holds(String what, Supplier<Boolean> condition) {
    within(PROCESSES, () -> "not " + what, condition);
  }

  /** Checks a condition until it holds, for what takes longer than other things. */
  static void within(Duration limit, Supplier<String> seen, Supplier<Boolean> condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.get()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("still not so after " + limit + "; seen: " + seen.get());
      }
      pass(INTERVAL);
    }
  }

  /** Lets real time pass, for real processes. */
  public static void pass(Duration time) {
    try {
      boolean _ = new Semaphore(0).tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
