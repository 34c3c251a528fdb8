package dev.slipway.server;

import dev.slipway.process.Halt;
import dev.slipway.store.StoreException;
import dev.slipway.time.Time;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is done again and again until it is stopped. No exception ends it; an {@link
 * Error}, or whatever else ends it before that, ends the process.
 */
final class Loop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final String name;
  private final Time time;
  private final Round round;
  private final Thread thread;
  private volatile boolean ending;

  /** One round; waits by itself for the next. */
  interface Round {
    void run() throws InterruptedException;
  }

  private Loop(String name, Time time, Round round) {
    this.name = name;
    this.time = time;
    this.round = round;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  static Loop start(String name, Time time, Round round) {
    Loop loop = new Loop(name, time, round);
    loop.thread.start();
    return loop;
  }

  private void run() {
    try {
      while (!ending) {
        goRound();
      }
    } catch (InterruptedException e) {
      if (!ending) {
        Halt.now(described(), e);
      }
    } catch (Throwable e) {
      Halt.now(described(), e);
    }
  }

  private String described() {
    return "the " + name + " loop";
  }

  private void goRound() throws InterruptedException {
    try {
      round.run();
    } catch (StoreException e) {
      LOG.debug("The {} loop waits for the database: {}", name, e.getMessage());
      time.sleep(AFTER_FAILURE);
    } catch (RuntimeException e) {
      LOG.error("The {} loop stumbled; it keeps running", name, e);
      time.sleep(AFTER_FAILURE);
    }
  }

  /** Interrupts the round and waits for its end. */
  @Override
  public void close() {
    ending = true;
    thread.interrupt();
    try {
      boolean _ = thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
