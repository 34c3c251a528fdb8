package dev.slipway.store;

import java.sql.SQLException;

/** What a transaction does. */
interface SqlWork<T> {
  T on(Sql sql) throws SQLException;
}
