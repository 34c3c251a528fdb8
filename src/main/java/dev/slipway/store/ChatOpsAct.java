package dev.slipway.store;

import java.sql.SQLException;

/**
 * A ChatOps task that is carried out, named by the run that does it.
 *
 * @param deploymentId our number of the deployment whose task it is
 * @param run which of its runs; a redelivery is another one, and acts anew
 */
public record ChatOpsAct(long deploymentId, int run) {
  /**
   * Keeps that it was done, in the transaction of what was done.
   *
   * @param about our number of the deployment or the lock that it was done to
   */
  void record(Sql sql, long about) throws SQLException {
    int _ =
        sql.update(
            "insert into chatops_act (deployment_id, run, about_id) values (?, ?, ?)",
            deploymentId,
            run,
            about);
  }
}
