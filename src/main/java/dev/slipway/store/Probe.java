package dev.slipway.store;

import java.sql.SQLException;
import java.time.Duration;

/**
 * Finds out whether a database can be written, by writing. Once a write has failed, it takes one of
 * the size of a delivery to believe the opposite: on a full disk small ones still find room.
 */
final class Probe {
  private static final long FRESH = Duration.ofSeconds(1).toNanos();
  private static final String PADDING = "-".repeat(64 * 1024);

  private final Database database;
  private volatile boolean failed;
  private boolean known;
  private long knownSince;

  Probe(Database database) {
    this.database = database;
  }

  /** A write failed; what another transaction was in the way of says nothing about the disk. */
  void sawFailure(SQLException e) {
    String state = e.getSQLState();
    boolean inTheWay = state != null && (state.startsWith("23") || state.startsWith("40"));
    failed |= !inTheWay;
  }

  /**
   * Returns when the database can be written, or could be a second ago: many may ask.
   *
   * @throws StoreException when it cannot
   */
  synchronized void ask() {
    if (known && !failed && System.nanoTime() - knownSince < FRESH) {
      return;
    }
    known = false;
    String value = (failed ? PADDING : "") + System.nanoTime();
    database.write(
        connection ->
            new Sql(connection)
                .update(
                    "insert into setting (name, value) values ('probe', ?)"
                        + " on conflict (name) do update set value = excluded.value",
                    value));
    failed = false;
    known = true;
    knownSince = System.nanoTime();
  }
}
