package dev.slipway.store;

import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Instant;

/** Statements that more than one of the store's doors needs. */
final class Rows {
  private Rows() {}

  static StoredRun lastRun(Sql sql, long deploymentId) throws SQLException {
    return sql.first(
            StoredRun::of,
            "select * from run where deployment_id = ? order by number desc limit 1",
            deploymentId)
        .orElseThrow();
  }

  static long addStatus(Sql sql, long deploymentId, int run, Status status, Instant now)
      throws SQLException {
    return sql.insert(
        """
        insert into status (deployment_id, run, state, description, environment_url, created_at,
          due_at, tries, doubt, held_until)
        values (?, ?, ?, ?, ?, ?, ?, 0, 0, 0) returning id
        """,
        deploymentId,
        run,
        status.state(),
        status.description(),
        status.environmentUrl(),
        now,
        now);
  }
}
