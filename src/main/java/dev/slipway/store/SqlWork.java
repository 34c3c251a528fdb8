package dev.slipway.store;

import java.sql.SQLException;

/** The work of a transaction. */
interface SqlWork<T> {
  T on(Sql sql) throws SQLException;
}
