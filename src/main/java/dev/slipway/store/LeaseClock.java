package dev.slipway.store;

import java.sql.SQLException;

/**
 * What leases are measured by, in milliseconds. Processes that share a database have to agree about
 * it and their own clocks do not, so there it is the database's; a process that is alone goes by
 * time that passes, which nobody sets back or forward.
 */
@FunctionalInterface
interface LeaseClock {
  long millis(Sql sql) throws SQLException;

  static LeaseClock of(Database database) {
    return database.isExclusive()
        ? _ -> Math.floorDiv(System.nanoTime(), 1_000_000L)
        : sql -> sql.number("select (extract(epoch from clock_timestamp()) * 1000)::bigint");
  }
}
