package dev.slipway.webhook;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts a thread when a time is over, and never after it was closed. The closing thread is the
 * one that is watched.
 */
final class Alarm implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread guard;
  private volatile boolean rung;

  Alarm(Thread watched, Duration limit) {
    this.guard = Thread.ofVirtual().start(() -> watch(watched, limit));
  }

  private void watch(Thread watched, Duration limit) {
    try {
      if (!closed.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        rung = true;
        watched.interrupt();
      }
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  boolean hasRung() {
    return rung;
  }

  @Override
  public void close() {
    closed.countDown();
    boolean interrupted = false;
    while (guard.isAlive()) {
      try {
        guard.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    interrupted |= Thread.interrupted();
    // Our own interruption is taken back, somebody else's is passed on
    if (interrupted && !rung) {
      Thread.currentThread().interrupt();
    }
  }
}
