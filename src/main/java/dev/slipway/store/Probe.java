package dev.slipway.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a database can be written, by writing, and tells of an outage once and of its
 * end. Once a write has failed, it takes one of the size of a delivery to be ready again: on a full
 * disk small ones still find room.
 */
final class Probe {
  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);
  private static final Duration CALM = Duration.ofSeconds(5);
  private static final long FRESH = Duration.ofSeconds(1).toNanos();
  private static final String PADDING = "-".repeat(64 * 1024);

  private final Database database;
  private final LongSupplier ticker;

  /** Not the monitor: whoever has the database's turn and fails needs that to say so. */
  private final ReentrantLock asking = new ReentrantLock();

  private volatile boolean failed;
  private boolean known;
  private long knownSince;
  private volatile boolean away;
  private long awaySince;
  private long lastFailure;

  /**
   * @param ticker nanoseconds that pass
   */
  Probe(Database database, LongSupplier ticker) {
    this.database = database;
    this.ticker = ticker;
  }

  /** A write failed; what another transaction was in the way of says nothing about the disk. */
  void sawFailure(SQLException e) {
    String state = e.getSQLState();
    if (state == null || !(state.startsWith("23") || state.startsWith("40"))) {
      failed = true;
      begin(e);
    }
  }

  private synchronized void begin(SQLException e) {
    lastFailure = ticker.getAsLong();
    if (!away) {
      away = true;
      awaySince = lastFailure;
      LOG.warn("The database cannot be written; runs and deliveries wait: {}", e.getMessage());
    }
  }

  /** A write succeeded; while others keep failing, the outage is not over. */
  void sawSuccess() {
    if (away) {
      end();
    }
  }

  private synchronized void end() {
    long now = ticker.getAsLong();
    if (away && now - lastFailure >= CALM.toNanos()) {
      away = false;
      LOG.info("The database can be written again, after {} s", (now - awaySince) / 1_000_000_000L);
    }
  }

  /**
   * Returns when the database can be written, or could be a second ago: many may ask.
   *
   * @throws StoreException when it cannot
   */
  void ask() {
    asking.lock();
    try {
      if (!known || failed || ticker.getAsLong() - knownSince >= FRESH) {
        write();
      }
    } finally {
      asking.unlock();
    }
  }

  private void write() {
    known = false;
    String value = (failed ? PADDING : "") + ticker.getAsLong();
    database.write(
        sql ->
            sql.update(
                "insert into setting (name, value) values ('probe', ?)"
                    + " on conflict (name) do update set value = excluded.value",
                value));
    failed = false;
    known = true;
    knownSince = ticker.getAsLong();
  }
}
