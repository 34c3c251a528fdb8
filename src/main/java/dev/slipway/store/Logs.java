package dev.slipway.store;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** The text of deployments' logs, kept in chunks that begin where the one before ends. */
public final class Logs {
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
   * The part of a log that belongs to one run.
   *
   * @param start in bytes; what earlier runs wrote is before it
   * @param length of the log, in bytes
   */
  public record Extent(long start, long length) {}

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
                LeaseFence.isHeld(sql, lease)
                    ? OptionalLong.of(LogChunks.append(sql, lease.deploymentId(), text))
                    : OptionalLong.empty());
    database.notifier().signal(CommitNotifier.deployment(lease.deploymentId()));
    return end.orElseThrow(() -> new LeaseLostException(lease));
  }

  /**
   * How far the log that a provider writes was read.
   *
   * @param cursor what the target reads on from; empty before the first lines
   * @param size how many bytes of it were added to our log
   */
  public record ProviderPosition(String cursor, long size) {
    static final ProviderPosition START = new ProviderPosition("", 0);
  }

  /** How far the log of a target's provider was read in a run. */
  public ProviderPosition providerPosition(Lease lease, String target) {
    return database.read(
        sql ->
            sql.first(
                    columns -> new ProviderPosition(columns.text("cursor"), columns.number("size")),
                    "select cursor, size from provider_log where run_id = ? and target = ?",
                    lease.runId(),
                    target)
                .orElse(ProviderPosition.START));
  }

  /**
   * Adds text of a provider's log, and how far it is read with that; on disk when this returns.
   * Adds nothing when the log was read on from there before: nobody may have known what became of
   * that commit.
   *
   * @throws LeaseLostException when another worker writes this log now; nothing was added
   */
  public void appendProvider(
      Lease lease, String target, String before, ProviderPosition after, String text)
      throws LeaseLostException {
    boolean mine =
        database.write(
            sql -> {
              boolean held = LeaseFence.isHeld(sql, lease);
              if (held && isMoved(sql, lease, target, before, after) && !text.isEmpty()) {
                long _ = LogChunks.append(sql, lease.deploymentId(), text);
              }
              return held;
            });
    database.notifier().signal(CommitNotifier.deployment(lease.deploymentId()));
    if (!mine) {
      throw new LeaseLostException(lease);
    }
  }

  private static boolean isMoved(
      Sql sql, Lease lease, String target, String before, ProviderPosition after)
      throws SQLException {
    return sql.update(
            """
            insert into provider_log (run_id, target, cursor, size) values (?, ?, ?, ?)
            on conflict (run_id, target)
              do update set cursor = excluded.cursor, size = excluded.size
              where provider_log.cursor = ?
            """,
            lease.runId(),
            target,
            after.cursor(),
            after.size(),
            before)
        == 1;
  }

  /** The log's length in bytes of UTF-8. */
  public long length(long deploymentId) {
    return database.read(sql -> LogChunks.length(sql, deploymentId));
  }

  /** Where the log of a leased run begins, and where it ends for now. */
  public Extent extent(Lease lease) {
    return database.read(
        sql ->
            new Extent(
                sql.number("select log_start from run where id = ?", lease.runId()),
                LogChunks.length(sql, lease.deploymentId())));
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
