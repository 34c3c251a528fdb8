package dev.slipway.store;

import java.sql.SQLException;
import java.util.List;

/**
 * Counts that are kept in the transactions that change them: counts of what has happened never go
 * back, a restart forgets none, and all processes on one database tell the same.
 */
public final class Counters {
  private final Database database;

  public Counters(Database database) {
    this.database = database;
  }

  /**
   * The count of one kind, source and code.
   *
   * @param source where deliveries came from, or the webhook of notifications; empty for others
   * @param code the decision, the end, or what came of a notification; empty for others
   */
  public record Count(CounterKind kind, String source, String code, long number) {}

  /** The numbers of runs that wait and of runs that go on. */
  public record RunCounts(long queued, long running) {}

  /** The counts of what has happened, all at one moment. */
  public List<Count> counts() {
    return database.read(
        sql ->
            sql.list(
                Counters::count,
                """
                select kind, source, code, sum(number) as number from counter
                where kind in ('delivery', 'end', 'retaken', 'notification')
                group by kind, source, code order by kind, source, code
                """));
  }

  private static Count count(Sql.Columns columns) throws SQLException {
    return new Count(
        CounterKind.of(columns.text("kind")),
        columns.text("source"),
        columns.text("code"),
        columns.number("number"));
  }

  /** The counts of what is under way, both at one moment. */
  public RunCounts runCounts() {
    return database.read(
        sql ->
            sql.first(
                    columns -> new RunCounts(columns.number("queued"), columns.number("running")),
                    """
                    select coalesce(sum(case when kind = 'queued' then number end), 0) as queued,
                      coalesce(sum(case when kind = 'running' then number end), 0) as running
                    from counter where kind in ('queued', 'running')
                    """)
                .orElseThrow());
  }
}
