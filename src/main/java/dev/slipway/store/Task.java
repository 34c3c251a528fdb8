package dev.slipway.store;

import dev.slipway.halt.Halt;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Work that one thread does and another waits for. */
final class Task<T> {
  private final Database.Work<T> work;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITS);
  private final CountDownLatch told = new CountDownLatch(1);
  private @Nullable Outcome<T> outcome;

  private enum Stage {
    WAITS,
    BEGUN,
    WITHDRAWN
  }

  private sealed interface Outcome<T> {
    record Done<T>(T result) implements Outcome<T> {}

    record Failed<T>(Throwable why) implements Outcome<T> {}
  }

  Task(Database.Work<T> work) {
    this.work = work;
  }

  /** Whether it may be done: nobody has withdrawn it, and from now on nobody can. */
  boolean begin() {
    return stage.compareAndSet(Stage.WAITS, Stage.BEGUN);
  }

  /** Whether it will never be done. */
  boolean withdraw() {
    return stage.compareAndSet(Stage.WAITS, Stage.WITHDRAWN);
  }

  /**
   * Does the work, and keeps its outcome to itself: what is not committed is not yet true.
   *
   * @return whether it went well
   */
  boolean attempt(Sql sql) {
    try {
      outcome = new Outcome.Done<>(work.on(sql));
      return true;
    } catch (Throwable e) {
      Halt.ifFatal("a thread of the database", e);
      outcome = new Outcome.Failed<>(e);
      return false;
    }
  }

  /** What the database said when the work failed, or null when that was not its doing. */
  @Nullable SQLException sqlFailure() {
    return outcome instanceof Outcome.Failed<T>(Throwable why) ? StoreException.sqlOf(why) : null;
  }

  /** Tells whoever waits how the attempt ended. */
  void tell() {
    told.countDown();
  }

  /** Tells whoever waits that nothing of it was kept. */
  void fail(Throwable why) {
    outcome = new Outcome.Failed<>(why);
    told.countDown();
  }

  /**
   * Waits for the outcome. An interrupt does not shorten that, for what has begun cannot be called
   * back; the thread's flag is as it was.
   *
   * @throws SQLTimeoutException when the limit is over
   */
  T await(Limit limit) throws SQLException {
    if (!isTold(limit.toBegin())) {
      if (withdraw()) {
        throw new SQLTimeoutException(
            "no turn within " + limit.toBegin().toSeconds() + " s; it was withdrawn");
      }
      if (!isTold(limit.inAll().minus(limit.toBegin()))) {
        throw new SQLTimeoutException(
            "no answer within " + limit.inAll().toSeconds() + " s; it may be kept or not");
      }
    }
    return switch (outcome) {
      case Outcome.Done<T>(T result) -> result;
      case Outcome.Failed<T>(Throwable why) -> throw asThrown(why);
      case null -> throw new IllegalStateException("told without an outcome");
    };
  }

  private boolean isTold(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return told.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static SQLException asThrown(Throwable why) {
    return switch (why) {
      case SQLException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(why);
    };
  }
}
