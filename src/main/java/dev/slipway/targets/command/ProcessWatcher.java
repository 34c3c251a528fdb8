package dev.slipway.targets.command;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when commands on this host have ended. A child of this process tells by itself; at those
 * that an earlier one left, one thread looks, four times a second. There is none while there is
 * nothing to look at.
 */
public final class ProcessWatcher {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessWatcher.class);
  private static final Duration STEP = Duration.ofMillis(250);

  private final Predicate<ProcessIdentity> isAlive;
  private final Duration step;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition never = lock.newCondition();
  private final Map<ProcessIdentity, CountDownLatch> watched = new HashMap<>();
  private final Map<ProcessIdentity, CountDownLatch> children = new HashMap<>();
  private boolean isLooking;

  /** One for the whole process. */
  public ProcessWatcher() {
    this(ProcessWatcher::mayBeAlive, STEP);
  }

  ProcessWatcher(Predicate<ProcessIdentity> isAlive, Duration step) {
    this.isAlive = isAlive;
    this.step = step;
  }

  /** What cannot be seen now is looked at again. */
  private static boolean mayBeAlive(ProcessIdentity leader) {
    try {
      return leader.isAlive();
    } catch (IOException e) {
      LOG.debug("Cannot see whether {} runs: {}", leader, e.getMessage());
      return true;
    }
  }

  /**
   * Nobody has to look at this command.
   *
   * @param exit completes when it has ended
   */
  void expect(ProcessIdentity leader, CompletableFuture<?> exit) {
    lock.lock();
    try {
      children.put(leader, new CountDownLatch(1));
    } finally {
      lock.unlock();
    }
    var _ = exit.whenComplete((_, _) -> ended(leader));
  }

  private void ended(ProcessIdentity child) {
    lock.lock();
    try {
      CountDownLatch end = children.remove(child);
      if (end != null) {
        end.countDown();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Opens when the command has ended. */
  CountDownLatch end(ProcessIdentity leader) {
    lock.lock();
    try {
      CountDownLatch child = children.get(leader);
      if (child != null) {
        return child;
      }
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
        boolean _ = never.await(step.toNanos(), TimeUnit.NANOSECONDS);
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

  private boolean hasEnded(ProcessIdentity leader, CountDownLatch end) {
    if (isAlive.test(leader)) {
      return false;
    }
    end.countDown();
    return true;
  }

  /** How many commands are waited for. */
  int watched() {
    lock.lock();
    try {
      return watched.size() + children.size();
    } finally {
      lock.unlock();
    }
  }
}
