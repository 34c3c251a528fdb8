package dev.slipway.server;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Awaits what another thread or process will make true. */
public final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(50);

  private Await() {}

  /** Looks again and again until the condition holds; the failure says what was seen last. */
  public static void until(Supplier<String> seen, Supplier<Boolean> condition) {
    within(LIMIT, seen, condition);
  }

  /** The same, for what takes longer on a busy machine than other things do. */
  static void within(Duration limit, Supplier<String> seen, Supplier<Boolean> condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    Semaphore never = new Semaphore(0);
    while (!condition.get()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("still not so after " + limit + "; seen: " + seen.get());
      }
      try {
        boolean _ = never.tryAcquire(20, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
