package dev.slipway.store;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Removes what is old. Each transaction is small, so that nobody waits long behind it, and may run
 * on several replicas at once. Never removed are deployments that wait, run, or have a status that
 * GitHub has not got, and the newest of each environment and task: what is older must stay known as
 * stale.
 */
public final class Retention {
  private static final int ROWS = 200;
  private static final int DEPLOYMENTS = 10;
  private static final int PAGES = 256;
  private static final int INCREMENTAL = 2;

  private static final String AT_REST =
      """
      d.accepted_at < ? and not exists (select 1 from run r where r.deployment_id = d.id
        and (r.state <> 'ended' or r.ended_at >= ?))
      """;

  private static final String OLD_LOG =
      "select d.id from deployment d where "
          + AT_REST
          + """
          and d.log_removed_at is null
          order by d.accepted_at limit 1
          """;

  private static final String OLD_DEPLOYMENTS =
      "select d.id from deployment d where "
          + AT_REST
          + """
          and not exists (select 1 from status s where s.deployment_id = d.id
            and s.posted_at is null and s.given_up_at is null and d.github_id is not null)
          and (d.github_id is null or exists (select 1 from deployment n where n.host = d.host
            and lower(n.repository) = lower(d.repository) and n.environment = d.environment
            and n.task = d.task and n.github_id > d.github_id))
          order by d.accepted_at limit ?
          """;

  private final Database database;
  private final Keep keep;

  /** How long each is kept: logs and deployments from their end, deliveries from their arrival. */
  public record Keep(Duration logs, Duration deployments, Duration deliveries) {}

  public Retention(Database database, Keep keep) {
    this.database = database;
    this.keep = keep;
  }

  /**
   * Removes a little of what is too old, and gives space back to the disk.
   *
   * @return whether there may be more
   */
  public boolean removeSome(Instant now) {
    boolean deliveries = removeDeliveries(now.minus(keep.deliveries()));
    boolean logs = removeLog(now, now.minus(keep.logs()));
    boolean deployments = removeDeployments(now.minus(keep.deployments()));
    boolean space = database.isExclusive() && database.write(Retention::shrink);
    return deliveries || logs || deployments || space;
  }

  private boolean removeDeliveries(Instant before) {
    return database.write(
        sql -> {
          Tally.hold(sql);
          List<Tally.Count> removed =
              sql.list(
                  columns ->
                      new Tally.Count(
                          Tally.Kind.DELIVERY, columns.text("source"), columns.text("decision"), 1),
                  "delete from delivery where id in (select id from delivery"
                      + " where received_at < ? order by received_at limit ?)"
                      + " returning source, decision",
                  before,
                  ROWS);
          for (Tally.Count one : removed) {
            Tally.add(sql, one);
          }
          return !removed.isEmpty();
        });
  }

  private boolean removeDeployments(Instant before) {
    return database.write(
        sql -> {
          Tally.hold(sql);
          List<Long> old =
              sql.list(columns -> columns.number(1), OLD_DEPLOYMENTS, before, before, DEPLOYMENTS);
          for (long id : old) {
            removeDeployment(sql, id);
          }
          return !old.isEmpty();
        });
  }

  private static void removeDeployment(Sql sql, long id) throws SQLException {
    List<Tally.Count> ends =
        sql.list(
            columns -> new Tally.Count(Tally.Kind.END, "", columns.text("end_word"), 1),
            "select end_word from run where deployment_id = ?",
            id);
    long retaken =
        sql.number(
            "select coalesce(sum(fence - 1), 0) from run where deployment_id = ? and fence > 1",
            id);
    // A run that joined since keeps its deployment
    int removed =
        sql.update(
            "delete from deployment where id = ? and not exists"
                + " (select 1 from run where deployment_id = ? and state <> 'ended')",
            id,
            id);
    if (removed == 1) {
      for (Tally.Count end : ends) {
        Tally.add(sql, end);
      }
      Tally.add(sql, new Tally.Count(Tally.Kind.RETAKEN, "", "", retaken));
    }
  }

  private boolean removeLog(Instant now, Instant before) {
    return database.write(
        sql -> {
          Optional<Long> old = sql.first(columns -> columns.number(1), OLD_LOG, before, before);
          if (old.isPresent()) {
            removeLog(sql, old.get(), now);
          }
          return old.isPresent();
        });
  }

  private void removeLog(Sql sql, long id, Instant now) throws SQLException {
    int removed =
        sql.update(
            """
            delete from log_chunk where deployment_id = ? and start in (
              select start from log_chunk where deployment_id = ? order by start limit ?)
            """,
            id,
            id,
            ROWS);
    if (removed == ROWS) {
      return;
    }
    // Two replicas may have come here; the row lets one of them through at a time
    sql.update("update deployment set log_removed_at = ? where id = ?", now, id);
    String note = note(now);
    sql.update(
        "insert into log_chunk (deployment_id, start, size, body) values (?, 0, ?, ?)"
            + " on conflict do nothing",
        id,
        note.getBytes(StandardCharsets.UTF_8).length,
        note);
  }

  private String note(Instant now) {
    long days = keep.logs().toDays();
    return Logs.note(now, "The log was removed after " + (days == 1 ? "1 day" : days + " days"));
  }

  /** Pages that hold nothing go back to the disk, in a file that was made for it. */
  private static boolean shrink(Sql sql) throws SQLException {
    long free = sql.number("pragma freelist_count");
    if (sql.number("pragma auto_vacuum") != INCREMENTAL || free < PAGES) {
      return false;
    }
    try (Statement statement = sql.connection().createStatement()) {
      // The driver takes one step of a statement, which is one page, however many are asked for
      for (int page = 0; page < PAGES; page++) {
        statement.execute("pragma incremental_vacuum(1)");
      }
    }
    return sql.number("pragma freelist_count") < free;
  }
}
