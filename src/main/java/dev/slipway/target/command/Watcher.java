package dev.slipway.target.command;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Tells when commands on this machine have ended. One thread looks at all of them, four times a
 * second and whenever a process of ours has ended; there is none while there is nothing to watch.
 */
public final class Watcher {
  private static final Duration STEP = Duration.ofMillis(250);

  private final Predicate<Leader> isAlive;
  private final Duration step;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition nudged = lock.newCondition();
  private final Map<Leader, CountDownLatch> watched = new HashMap<>();
  private boolean isLooking;

  /** One for the whole process. */
  public Watcher() {
    this(Leader::isAlive, STEP);
  }

  Watcher(Predicate<Leader> isAlive, Duration step) {
    this.isAlive = isAlive;
    this.step = step;
  }

  /** Opens when the command has ended. */
  CountDownLatch end(Leader leader) {
    lock.lock();
    try {
      CountDownLatch end = watched.get(leader);
      if (end == null) {
        end = new CountDownLatch(isAlive.test(leader) ? 1 : 0);
        if (end.getCount() == 0) {
          return end;
        }
        watched.put(leader, end);
      }
      if (!isLooking) {
        isLooking = true;
        Thread _ = Thread.ofPlatform().daemon().name("commands").start(this::watch);
      }
      return end;
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    lock.lock();
    try {
      while (!watched.isEmpty()) {
        boolean _ = nudged.await(step.toNanos(), TimeUnit.NANOSECONDS);
        watched.entrySet().removeIf(one -> hasEnded(one.getKey(), one.getValue()));
      }
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    } finally {
      // Whoever asks next starts another one
      isLooking = false;
      lock.unlock();
    }
  }

  private boolean hasEnded(Leader leader, CountDownLatch end) {
    if (isAlive.test(leader)) {
      return false;
    }
    end.countDown();
    return true;
  }

  /** Has all of them looked at now. */
  void nudge() {
    lock.lock();
    try {
      nudged.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many commands are watched. */
  int watched() {
    lock.lock();
    try {
      return watched.size();
    } finally {
      lock.unlock();
    }
  }
}
