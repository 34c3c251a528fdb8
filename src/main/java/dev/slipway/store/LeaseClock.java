package dev.slipway.store;

import java.sql.SQLException;

/**
 * The clock for leases, in milliseconds. Processes that share a database have to agree about it and
 * their own clocks do not, so it is the database's. Of a database that one process has alone it
 * stands still: there is nobody to lose a run to, however long the process or its disk stalls.
 */
@FunctionalInterface
interface LeaseClock {
  long millis(Sql sql) throws SQLException;

  static LeaseClock of(Database database) {
    return database.isExclusive()
        ? _ -> 0
        : sql -> sql.number("select (extract(epoch from clock_timestamp()) * 1000)::bigint");
  }
}
