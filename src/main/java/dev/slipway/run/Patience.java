package dev.slipway.run;

import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** How a run waits, what ends its waiting early, and whether it has to leave. */
final class Patience {
  private final Pause pause;
  private final BooleanSupplier stopping;
  private @Nullable Thread waiting;
  private boolean nudged;
  private boolean woken;

  /**
   * @param stopping Slipway stops: the run may finish what it has begun, and begins nothing
   */
  Patience(Pause pause, BooleanSupplier stopping) {
    this.pause = pause;
    this.stopping = stopping;
  }

  boolean isStopping() {
    return stopping.getAsBoolean();
  }

  /** Returns at this instant, or as soon as there is news. */
  void until(Instant instant) throws InterruptedException {
    if (!begin()) {
      return;
    }
    try {
      pause.until(instant);
    } catch (InterruptedException e) {
      if (!isWoken()) {
        throw e;
      }
    } finally {
      end();
    }
  }

  private synchronized boolean begin() {
    if (nudged) {
      return false;
    }
    waiting = Thread.currentThread();
    return true;
  }

  private synchronized boolean isWoken() {
    return woken;
  }

  /** A nudge that came when the waiting was over must not cut the call that follows. */
  private synchronized void end() {
    waiting = null;
    if (woken) {
      woken = false;
      boolean _ = Thread.interrupted();
    }
  }

  /** Somebody else wrote down something about the run. */
  synchronized void nudge() {
    nudged = true;
    if (waiting != null) {
      woken = true;
      waiting.interrupt();
    }
  }

  /** Whether there has been a nudge since this was asked last. */
  synchronized boolean hasNews() {
    boolean news = nudged;
    nudged = false;
    return news;
  }
}
