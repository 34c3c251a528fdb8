package dev.slipway.store;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.OptionalLong;

/** The text of deployments' logs, kept in chunks that begin where the one before ends. */
public final class Logs {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Database database;

  public Logs(Database database) {
    this.database = database;
  }

  private record Chunk(long start, String body) {}

  /**
   * A piece of a log.
   *
   * @param start offset of its first byte
   * @param next offset of the byte after its last
   */
  public record Piece(long start, String text, long next) {}

  /**
   * What a run has of its deployment's log.
   *
   * @param start in bytes; what earlier runs wrote is before it
   * @param length of the log, in bytes
   */
  public record Extent(long start, long length) {}

  /**
   * Adds text at the end; on disk when this returns.
   *
   * @return the log's new length in bytes of UTF-8
   */
  public long append(long deploymentId, String text) {
    long end = database.write(sql -> append(sql, deploymentId, text));
    database.notifier().signal(CommitNotifier.deployment(deploymentId));
    return end;
  }

  /**
   * Adds text at the end as long as the lease holds; on disk when this returns.
   *
   * @return the log's new length in bytes of UTF-8
   * @throws LeaseLostException when another worker writes this log now; nothing was added
   */
  public long append(Lease lease, String text) throws LeaseLostException {
    OptionalLong end =
        database.write(
            sql ->
                isHeld(sql, lease)
                    ? OptionalLong.of(append(sql, lease.deploymentId(), text))
                    : OptionalLong.empty());
    database.notifier().signal(CommitNotifier.deployment(lease.deploymentId()));
    return end.orElseThrow(() -> new LeaseLostException(lease));
  }

  /** Locks the run's row, so that nobody takes it over before the lines are in. */
  private boolean isHeld(Sql sql, Lease lease) throws SQLException {
    return sql.number(
            "select count(*) from (select id from run where id = ? and fence = ?"
                + " and state = 'running'"
                + (database.isExclusive() ? "" : " for update")
                + ") held",
            lease.runId(),
            lease.fence())
        == 1;
  }

  /** A line as logs hold it: its time, to the millisecond, and what it says. */
  public static String line(Instant at, String text) {
    return TIME.format(at) + " " + text + "\n";
  }

  /** A line of Slipway's own. */
  static String note(Instant at, String text) {
    return line(at, "▸ " + text);
  }

  /** Adds the first text of a log. */
  static void begin(Sql sql, long deploymentId, String text) throws SQLException {
    sql.update(
        "insert into log_chunk (deployment_id, start, size, body) values (?, 0, ?, ?)",
        deploymentId,
        text.getBytes(StandardCharsets.UTF_8).length,
        text);
  }

  static long append(Sql sql, long deploymentId, String text) throws SQLException {
    // With "=" instead of "between" SQLite would plan it anew each time
    return sql.insert(
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

  /** The log's length in bytes of UTF-8. */
  public long length(long deploymentId) {
    return database.read(sql -> length(sql, deploymentId));
  }

  /** Where the log of a run that was taken begins, and where it ends for now. */
  public Extent extent(Lease lease) {
    return database.read(
        sql ->
            new Extent(
                sql.number("select log_start from run where id = ?", lease.runId()),
                length(sql, lease.deploymentId())));
  }

  static long length(Sql sql, long deploymentId) throws SQLException {
    return sql.number(
        "select start + size from log_chunk where deployment_id = ? order by start desc limit 1",
        deploymentId);
  }

  /**
   * Reads from an offset on.
   *
   * @param limit about how many bytes at the most; whole chunks are read, so it may be more
   */
  public Piece read(long deploymentId, long from, int limit) {
    List<Chunk> chunks =
        database.read(
            sql ->
                sql.list(
                    columns -> new Chunk(columns.number("start"), columns.text("body")),
                    """
                        select start, body from log_chunk
                        where deployment_id = ? and start + size > ? and start < ? order by start
                        """,
                    deploymentId,
                    from,
                    from + limit));
    if (chunks.isEmpty()) {
      return new Piece(from, "", from);
    }
    StringBuilder text = new StringBuilder();
    chunks.forEach(chunk -> text.append(chunk.body()));
    long start = chunks.getFirst().start();
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    long next = start + bytes.length;
    if (from <= start) {
      return new Piece(start, text.toString(), next);
    }
    int skip = (int) (from - start);
    return new Piece(
        from, new String(bytes, skip, bytes.length - skip, StandardCharsets.UTF_8), next);
  }
}
