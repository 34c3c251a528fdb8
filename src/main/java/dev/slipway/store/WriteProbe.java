package dev.slipway.store;

import dev.slipway.time.Time;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a database can be written, by writing, and tells of an outage once and of its
 * end. Once a write has failed, it takes one of the size of a delivery to be ready again: on a full
 * disk small ones still find room.
 */
final class WriteProbe {
  private static final Logger LOG = LoggerFactory.getLogger(WriteProbe.class);
  private static final Duration CALM = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long FRESH = Duration.ofSeconds(1).toNanos();
  private static final String PADDING = "-".repeat(64 * 1024);

  private final Writer writer;
  private final Time time;

  /** Not the monitor: whoever has the database's turn and fails needs that to say so. */
  private final ReentrantLock asking = new ReentrantLock();

  private volatile boolean failed;
  private volatile long succeeded;
  private volatile boolean away;
  private long awaySince;
  private long lastFailure;

  /** Writes to the database in one transaction, within a limit. */
  interface Writer {
    int write(SqlWork<Integer> work, Duration limit);
  }

  WriteProbe(Writer writer, Time time) {
    this.writer = writer;
    this.time = time;
    this.succeeded = time.nanos() - FRESH;
  }

  /**
   * A write failed. What another transaction was in the way of (23, 40, 55P03) says nothing about
   * the disk, nor does a value that is refused (22).
   */
  void recordFailure(SQLException e) {
    String state = e.getSQLState();
    if (state == null || !state.matches("(22|23|40).*|55P03")) {
      failed = true;
      begin(e);
    }
  }

  private synchronized void begin(SQLException e) {
    lastFailure = time.nanos();
    if (!away) {
      away = true;
      awaySince = lastFailure;
      LOG.warn("The database cannot be written; runs and deliveries wait: {}", e.getMessage());
    }
  }

  /** A write succeeded; while others keep failing, the outage is not over. */
  void recordSuccess() {
    succeeded = time.nanos();
    if (away) {
      end();
    }
  }

  private synchronized void end() {
    long now = time.nanos();
    if (away && now - lastFailure >= CALM.toNanos()) {
      away = false;
      LOG.info("The database can be written again, after {} s", (now - awaySince) / 1_000_000_000L);
    }
  }

  /**
   * Returns when the database can be written, or could be a second ago: many may ask. It is not
   * written when somebody has done so since.
   *
   * @throws StoreException when it cannot, or does not say so within some seconds
   */
  void check() {
    if (isKnown()) {
      return;
    }
    if (!isMyTurn()) {
      throw new StoreException("The database does not answer those who asked before");
    }
    try {
      if (!isKnown()) {
        write();
      }
    } finally {
      asking.unlock();
    }
  }

  private boolean isKnown() {
    return !failed && time.nanos() - succeeded < FRESH;
  }

  private boolean isMyTurn() {
    try {
      return asking.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void write() {
    String value = (failed ? PADDING : "") + time.nanos();
    writer.write(
        sql ->
            sql.update(
                "insert into stored_value (name, value) values ('probe', ?)"
                    + " on conflict (name) do update set value = excluded.value",
                value),
        PATIENCE);
    failed = false;
  }
}
