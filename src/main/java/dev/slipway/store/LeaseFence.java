package dev.slipway.store;

import java.sql.SQLException;

/** The check of a lease within the transaction that writes under it. */
final class LeaseFence {
  private LeaseFence() {}

  /**
   * Whether nobody has taken the run over. Locks the run's row, so that nobody does before the
   * transaction ends.
   */
  static boolean isHeld(Sql sql, Lease lease) throws SQLException {
    return sql.number(
            "select count(*) from (select id from run where id = ? and fence = ?"
                + " and state = 'running'"
                + sql.dialect().forUpdate()
                + ") held",
            lease.runId(),
            lease.fence())
        == 1;
  }
}
