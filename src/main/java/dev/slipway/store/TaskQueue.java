package dev.slipway.store;

import dev.slipway.process.Halt;
import dev.slipway.time.Time;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A queue of tasks, first come, first served, and the platform threads that do them, each on a
 * connection of its own. Virtual threads wait in it: what a database's driver does would hold the
 * few threads that carry them.
 */
final class TaskQueue implements AutoCloseable {
  private static final int MOST_WAITING = 10_000;
  private static final Duration TO_END = Duration.ofSeconds(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  private final String name;
  private final Time time;
  private final int atOnce;
  private final List<Thread> threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Task<?>> waiting = new ArrayDeque<>();
  private final Set<Task<?>> awaited = ConcurrentHashMap.newKeySet();
  private final Thread limits;
  private boolean closed;

  /**
   * Starts the threads.
   *
   * @param atOnce how many tasks a session is given together, at most
   * @param session makes one for each thread
   */
  static TaskQueue start(
      String name, Time time, int threads, int atOnce, Supplier<TaskSession> session) {
    TaskQueue queue = new TaskQueue(name, time, threads, atOnce, session);
    queue.threads.forEach(Thread::start);
    queue.limits.start();
    return queue;
  }

  private TaskQueue(
      String name, Time time, int threads, int atOnce, Supplier<TaskSession> session) {
    this.time = time;
    this.name = name;
    this.atOnce = atOnce;
    this.threads =
        IntStream.rangeClosed(1, threads)
            .mapToObj(
                number ->
                    Thread.ofPlatform()
                        .daemon()
                        .name(name + "-" + number)
                        .unstarted(() -> serve(session.get())))
            .toList();
    this.limits = Thread.ofPlatform().daemon().name(name + "-limits").unstarted(this::watchLimits);
  }

  /** Looks at the clock for all who wait. */
  private void watchLimits() {
    try {
      while (!isClosed() || !awaited.isEmpty()) {
        time.sleep(BETWEEN_LOOKS);
        awaited.forEach(Task::expireIfLate);
      }
    } catch (Throwable e) {
      Halt.now("the thread " + Thread.currentThread().getName(), e);
    }
  }

  private void serve(TaskSession session) {
    try (session) {
      for (List<Task<?>> tasks = next(); !tasks.isEmpty(); tasks = next()) {
        session.serve(tasks);
      }
    } catch (Throwable e) {
      Halt.now("the thread " + Thread.currentThread().getName(), e);
    }
  }

  /** Waits for tasks; none when it is closed and all are done. */
  private List<Task<?>> next() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      List<Task<?>> tasks = new ArrayList<>();
      while (tasks.size() < atOnce && !waiting.isEmpty()) {
        tasks.add(waiting.remove());
      }
      return tasks;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has the work done.
   *
   * @throws StoreException when it is closed
   * @throws SQLException when the work fails, too many wait already, or the limit is over
   */
  <T> T run(SqlWork<T> work, WaitLimit limit) throws SQLException {
    Task<T> task = new Task<>(work, limit, time);
    awaited.add(task);
    try {
      add(task);
      return outcome(task);
    } finally {
      awaited.remove(task);
    }
  }

  private <T> T outcome(Task<T> task) throws SQLException {
    boolean told = false;
    try {
      T result = task.await();
      told = true;
      return result;
    } finally {
      if (!told) {
        // What was withdrawn would keep its memory until its turn came
        remove(task);
      }
    }
  }

  private void add(Task<?> task) throws SQLException {
    lock.lock();
    try {
      if (closed) {
        throw new StoreException("The database is closed");
      }
      if (waiting.size() >= MOST_WAITING) {
        throw new SQLException(waiting.size() + " others wait for the " + name + " already");
      }
      waiting.add(task);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void remove(Task<?> task) {
    lock.lock();
    try {
      boolean _ = waiting.remove(task);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the current thread is one of this queue's. */
  boolean isInside() {
    return threads.contains(Thread.currentThread());
  }

  /** The number of tasks that wait. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing more is done. */
  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Lets what waits be done, takes nothing more, and waits a little for the end of that. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      for (Thread thread : threads) {
        boolean _ = thread.join(TO_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether its threads have ended, and no connection is open any more. */
  boolean hasEnded() {
    return threads.stream().noneMatch(Thread::isAlive);
  }
}
