package dev.slipway.store;

import java.sql.SQLException;
import java.time.Instant;

/**
 * The clock for claims of statuses, in milliseconds: the database's where processes share it, as
 * for leases, and otherwise that of the only process.
 */
@FunctionalInterface
interface ClaimClock {
  long millis(Sql sql, Instant now) throws SQLException;

  static ClaimClock of(Database database) {
    LeaseClock shared = LeaseClock.of(database);
    return database.isExclusive() ? (_, now) -> now.toEpochMilli() : (sql, _) -> shared.millis(sql);
  }
}
