package dev.slipway.store;

import dev.slipway.model.AuditEntry;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who did what. Entries are added in the transactions of the acts, and removed for their age. */
public final class AuditLog {
  private static final int AT_ONCE = 200;
  private static final int MOST_READS = 20;

  private final Database database;

  public AuditLog(Database database) {
    this.database = database;
  }

  /**
   * An entry as it is kept; the codes may be of another version.
   *
   * @param id grows from entry to entry
   */
  public record Row(
      long id,
      Instant at,
      String actor,
      String via,
      String action,
      @Nullable Long deploymentId,
      String repository,
      String subject,
      String reason) {
    static Row of(Sql.Columns columns) throws SQLException {
      return new Row(
          columns.number("id"),
          columns.instant("at"),
          columns.text("actor"),
          columns.text("via"),
          columns.text("action"),
          columns.optionalNumber("deployment_id"),
          columns.text("repository"),
          columns.text("subject"),
          columns.text("reason"));
    }
  }

  static void add(Sql sql, AuditEntry entry) throws SQLException {
    sql.update(
        """
        insert into audit (at, actor, via, action, deployment_id, repository, subject, reason)
        values (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        entry.at(),
        entry.actor().name(),
        entry.actor().via().code(),
        entry.action().code(),
        entry.deploymentId(),
        entry.repository(),
        entry.subject(),
        entry.reason());
  }

  /** Records an act that changes nothing in the database. */
  public void record(AuditEntry entry) {
    AuditEntry _ =
        database.write(
            sql -> {
              add(sql, entry);
              return entry;
            });
  }

  /**
   * The newest entries that are wanted, newest first. It looks at a few thousand rows at the most,
   * and says how far it has come.
   *
   * @param before only entries with a smaller id
   */
  public Page<Row> list(long before, int limit, Predicate<Row> wanted) {
    return Page.of(before, limit, MOST_READS, Row::id, wanted, this::read);
  }

  private List<Row> read(long before) {
    return database.read(
        sql ->
            sql.list(
                Row::of,
                "select * from audit where id < ? order by id desc limit ?",
                before,
                AT_ONCE));
  }
}
