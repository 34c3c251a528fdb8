package dev.slipway.store;

import dev.slipway.process.Halt;
import dev.slipway.time.Time;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Work that one thread does and another waits for. */
final class Task<T> {
  private final SqlWork<T> work;
  private final WaitLimit limit;
  private final Time time;
  private final long since;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITS);
  private final CountDownLatch completed = new CountDownLatch(1);
  private @Nullable Outcome<T> outcome;
  private volatile @Nullable SQLTimeoutException timeout;

  private enum Stage {
    WAITS,
    BEGUN,
    WITHDRAWN
  }

  private sealed interface Outcome<T> {
    record Done<T>(T result) implements Outcome<T> {}

    record Failed<T>(Throwable why) implements Outcome<T> {}
  }

  Task(SqlWork<T> work, WaitLimit limit, Time time) {
    this.work = work;
    this.limit = limit;
    this.time = time;
    this.since = time.nanos();
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

  /** The exception of the database, or null when something else failed. */
  @Nullable SQLException sqlFailure() {
    return outcome instanceof Outcome.Failed<T>(Throwable why) ? StoreException.sqlOf(why) : null;
  }

  /** Tells whoever waits how the attempt ended. */
  void complete() {
    completed.countDown();
  }

  /** Tells whoever waits that nothing of it was kept. */
  void fail(Throwable why) {
    outcome = new Outcome.Failed<>(why);
    completed.countDown();
  }

  /** Tells whoever waits that it has been too long, once it has: what has not begun never will. */
  void expireIfLate() {
    Duration waited = time.since(since);
    if (waited.compareTo(limit.toBegin()) >= 0 && withdraw()) {
      expire("no turn within " + limit.toBegin().toSeconds() + " s; it was withdrawn");
    } else if (waited.compareTo(limit.inAll()) >= 0 && stage.get() == Stage.BEGUN) {
      expire("no answer within " + limit.inAll().toSeconds() + " s; it may be kept or not");
    }
  }

  private void expire(String why) {
    if (completed.getCount() > 0) {
      timeout = new SQLTimeoutException(why);
      completed.countDown();
    }
  }

  /**
   * Waits for the outcome. An interrupt does not shorten that, for what has begun cannot be called
   * back; the thread's flag is as it was. Somebody else looks at the clock: a virtual thread that
   * waits with a limit costs two threads' waking more.
   *
   * @throws SQLTimeoutException when the limit is over
   */
  T await() throws SQLException {
    awaitCompletion();
    SQLTimeoutException late = timeout;
    if (late != null) {
      throw late;
    }
    return switch (outcome) {
      case Outcome.Done<T>(T result) -> result;
      case Outcome.Failed<T>(Throwable why) -> throw asThrown(why);
      case null -> throw new IllegalStateException("completed without an outcome");
    };
  }

  private void awaitCompletion() {
    boolean interrupted = false;
    while (true) {
      try {
        completed.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
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
