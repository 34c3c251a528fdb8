package dev.slipway.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * What there was, counted: rows that are kept and those that were removed for their age, so that
 * counts never go back, a restart forgets none, and all processes on one database tell the same.
 */
public final class Tally {
  // One statement sees one moment: no row is missing or counted twice while it is removed
  private static final String COUNTS =
      """
      select kind, source, word, sum(number) as number from (
        select 'delivery' as kind, source, decision as word, count(*) as number from delivery
          group by source, decision
        union all select 'end', '', end_word, count(*) from run where state = 'ended'
          group by end_word
        union all select 'retaken', '', '', coalesce(sum(fence - 1), 0) from run where fence > 1
        union all select kind, source, word, number from removed
      ) counted group by kind, source, word order by kind, source, word
      """;

  private final Database database;

  public Tally(Database database) {
    this.database = database;
  }

  /** What a count is of. */
  public enum Kind {
    /** Deliveries, and what was found by looking, by their source and the decision. */
    DELIVERY,
    /** Runs that have ended, by their end. */
    END,
    /** How often a run was taken up again: after a restart, or when a lease had run out. */
    RETAKEN;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How many there were of one sort.
   *
   * @param source where deliveries came from; empty for others
   * @param word the decision, or the end; empty for others
   */
  public record Count(Kind kind, String source, String word, long number) {}

  /** How many runs wait and go on. */
  public record Line(long queued, long running) {}

  /** Counts everything at one moment. */
  public List<Count> counts() {
    return database.read(sql -> sql.list(Tally::count, COUNTS));
  }

  private static Count count(Sql.Columns columns) throws SQLException {
    return new Count(
        Kind.valueOf(columns.text("kind").toUpperCase(Locale.ROOT)),
        columns.text("source"),
        columns.text("word"),
        columns.number("number"));
  }

  /** Counts what is under way. */
  public Line line() {
    return database.read(
        sql -> {
          String in = "select count(*) from run where state = ?";
          return new Line(sql.number(in, "queued"), sql.number(in, "running"));
        });
  }

  /** Lets one process at a time remove rows, so that none is counted twice; to be done first. */
  static void hold(Sql sql) throws SQLException {
    add(sql, new Count(Kind.RETAKEN, "", "", 0));
  }

  /** Counts rows that are removed in this transaction. */
  static void add(Sql sql, Count removed) throws SQLException {
    sql.update(
        """
        insert into removed (kind, source, word, number) values (?, ?, ?, ?)
          on conflict (kind, source, word) do update set number = removed.number + excluded.number
        """,
        removed.kind().word(),
        removed.source(),
        removed.word(),
        removed.number());
  }
}
