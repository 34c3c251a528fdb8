package dev.slipway.store;

import java.sql.SQLException;
import java.time.Instant;

/**
 * What the hold on a status is measured by, in milliseconds: the database's clock where processes
 * share it, as with leases, and otherwise that of the only process.
 */
@FunctionalInterface
interface ClaimClock {
  long millis(Sql sql, Instant now) throws SQLException;

  static ClaimClock of(Database database) {
    LeaseClock shared = LeaseClock.of(database);
    return database.isExclusive() ? (_, now) -> now.toEpochMilli() : (sql, _) -> shared.millis(sql);
  }
}
