package dev.slipway.store;

import dev.slipway.model.Fact;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Statements that several classes of the store share. */
final class SharedStatements {
  private SharedStatements() {}

  static StoredRun lastRun(Sql sql, long deploymentId) throws SQLException {
    return sql.first(
            StoredRun::of,
            "select * from run where deployment_id = ? order by number desc limit 1",
            deploymentId)
        .orElseThrow();
  }

  /**
   * Adds a status, and a notification for each outgoing webhook that wants it. An intermediate one
   * replaces earlier ones of its run and state that GitHub surely has not.
   */
  static long addStatus(Sql sql, long deploymentId, int run, Status status, Instant now)
      throws SQLException {
    // Before the statuses, as posters do, or two could wait for each other
    OutboxRotation.markChanged(sql, deploymentId, now);
    long id = insertStatus(sql, deploymentId, run, status, now);
    NotificationQueue.add(sql, deploymentId, run, id, status.state(), now);
    if (!status.state().isFinal()) {
      sql.update(
          """
          update status set given_up_at = ?, replaced_by = ?, problem = null
          where deployment_id = ? and run = ? and state = ? and id < ? and in_doubt = 0
            and posted_at is null and given_up_at is null
          """,
          now,
          id,
          deploymentId,
          run,
          status.state().code(),
          id);
    }
    return id;
  }

  /** Adds facts behind those of the run; the caller holds the run's row. */
  static void addFacts(Sql sql, long runId, List<Fact> facts) throws SQLException {
    // Counted, for SQLite would plan a statement that asks for the highest anew each time
    for (Fact fact : facts) {
      FactRow row = FactRow.of(fact);
      sql.update(
          """
          insert into fact (run_id, number, at, kind, target, code, note, ref, until_at, boot)
          values (?, (select count(*) + 1 from fact where run_id = ?),
            ?, ?, ?, ?, ?, ?, ?, ?)
          """,
          runId,
          runId,
          row.at(),
          row.kind(),
          row.target(),
          row.code(),
          row.note(),
          row.ref(),
          row.until(),
          row.boot());
    }
  }

  private static long insertStatus(Sql sql, long deploymentId, int run, Status status, Instant now)
      throws SQLException {
    return sql.updateReturning(
        """
        insert into status (deployment_id, run, state, description, environment_url, created_at,
          fence, in_doubt)
        values (?, ?, ?, ?, ?, ?, 0, 0) returning id
        """,
        deploymentId,
        run,
        status.state().code(),
        status.description(),
        status.environmentUrl(),
        now);
  }
}
