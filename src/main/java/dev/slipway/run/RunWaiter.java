package dev.slipway.run;

import dev.slipway.store.LeaseLostException;
import dev.slipway.time.Time;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a run wait, wakes it, and interrupts it when Slipway stops. The stop and the run meet at one
 * lock: either the stop comes first and nothing is begun, or the run has begun an action and is not
 * interrupted until that has returned.
 */
final class RunWaiter {
  private final Time time;
  private final BooleanSupplier stopping;
  private @Nullable Thread waiting;
  private boolean signalled;
  private boolean woken;
  private boolean pollRequested;
  private boolean inside;
  private boolean over;

  /**
   * @param stopping Slipway stops: the run may finish what it has begun, and begins nothing
   */
  RunWaiter(Time time, BooleanSupplier stopping) {
    this.time = time;
    this.stopping = stopping;
  }

  /** The run has begun an action before it got its thread. */
  synchronized void markBegun() {
    inside = true;
  }

  boolean isStopping() {
    return stopping.getAsBoolean();
  }

  /** An action that is not interrupted once it has begun. */
  interface Action {
    void run() throws InterruptedException, LeaseLostException;
  }

  /**
   * Begins an action, unless Slipway stops.
   *
   * @throws InterruptedException when Slipway stops; nothing was begun
   */
  void begin(Action action) throws InterruptedException, LeaseLostException {
    synchronized (this) {
      if (isStopping()) {
        throw new InterruptedException("Slipway stops");
      }
      inside = true;
    }
    leaveAfter(action);
  }

  /**
   * Runs an action that continues one begun before, also while Slipway stops.
   *
   * @throws InterruptedException when the time to stop is over
   */
  void resume(Action action) throws InterruptedException, LeaseLostException {
    synchronized (this) {
      if (over) {
        throw new InterruptedException("Slipway has stopped");
      }
      inside = true;
      if (isStopping()) {
        // The interrupt was meant for an action that had not begun
        boolean _ = Thread.interrupted();
      }
    }
    leaveAfter(action);
  }

  private void leaveAfter(Action action) throws InterruptedException, LeaseLostException {
    try {
      action.run();
    } finally {
      synchronized (this) {
        inside = false;
      }
    }
  }

  /**
   * Interrupts the run unless an action has begun; call it when the run can see that Slipway stops.
   *
   * @return whether it was interrupted
   */
  synchronized boolean interrupt(Thread run) {
    if (!inside) {
      run.interrupt();
    }
    return !inside;
  }

  /** Interrupts the run wherever it is, for good. */
  synchronized void interruptForGood(Thread run) {
    over = true;
    run.interrupt();
  }

  /** Returns at this instant, or as soon as the run is woken. */
  void awaitUntil(Instant instant) throws InterruptedException {
    if (!beginWait()) {
      return;
    }
    try {
      time.sleepUntil(instant);
    } catch (InterruptedException e) {
      if (!isWoken()) {
        throw e;
      }
    } finally {
      endWait();
    }
  }

  private synchronized boolean beginWait() {
    if (signalled) {
      return false;
    }
    waiting = Thread.currentThread();
    return true;
  }

  private synchronized boolean isWoken() {
    return woken;
  }

  /** A wake-up that came when the waiting was over must not cut the call that follows. */
  private synchronized void endWait() {
    waiting = null;
    if (woken) {
      woken = false;
      boolean _ = Thread.interrupted();
    }
  }

  /** Wakes the run, for something about it was stored elsewhere. */
  synchronized void wake() {
    signalled = true;
    if (waiting != null) {
      woken = true;
      waiting.interrupt();
    }
  }

  /** Wakes the run, for its deploy may have changed at the provider. */
  synchronized void requestPoll() {
    pollRequested = true;
    wake();
  }

  /** Whether a poll was requested since this was asked last. */
  synchronized boolean wasPollRequested() {
    boolean was = pollRequested;
    pollRequested = false;
    return was;
  }

  /** Whether there has been a wake-up since this was asked last. */
  synchronized boolean wasWoken() {
    boolean was = signalled;
    signalled = false;
    return was;
  }
}
