package dev.slipway.store;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/** Statements on the chunks of a log, each of which begins where the one before ends. */
final class LogChunks {
  private LogChunks() {}

  /** Adds the first text of a log. */
  static void begin(Sql sql, long deploymentId, String text) throws SQLException {
    sql.update(
        "insert into log_chunk (deployment_id, start, size, body) values (?, 0, ?, ?)",
        deploymentId,
        text.getBytes(StandardCharsets.UTF_8).length,
        text);
  }

  /**
   * Adds text at the end.
   *
   * @return the new length in bytes of UTF-8
   */
  static long append(Sql sql, long deploymentId, String text) throws SQLException {
    // With "=" instead of "between" SQLite would plan it anew each time
    return sql.updateReturning(
        """
        insert into log_chunk (deployment_id, start, size, body)
          values (?,
            coalesce((select start + size from log_chunk where deployment_id between ? and ?
              order by deployment_id desc, start desc limit 1), 0),
            ?, ?)
          returning start + size
        """,
        deploymentId,
        deploymentId,
        deploymentId,
        text.getBytes(StandardCharsets.UTF_8).length,
        text);
  }

  /** The length in bytes of UTF-8. */
  static long length(Sql sql, long deploymentId) throws SQLException {
    return sql.number(
        "select start + size from log_chunk where deployment_id = ? order by start desc limit 1",
        deploymentId);
  }
}
