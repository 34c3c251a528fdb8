package dev.slipway.store;

import dev.slipway.model.LogFormat;
import dev.slipway.model.Repository;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Removes what is old, walking from the oldest on. Each transaction looks at a few rows, so that
 * nobody waits long behind it, and several replicas may do it at once. Never removed are
 * deployments that wait or run. What has to be known of a deployment whose row is gone is kept with
 * its environment and task. For one thread.
 */
public final class Retention {
  private static final int ROWS = 200;
  private static final int DEPLOYMENTS = 10;
  private static final int PAGES = 256;
  private static final int INCREMENTAL = 2;

  private static final String OLD_LOGS =
      """
      select id, accepted_at from deployment
      where log_removed_at is null and accepted_at < ? and (accepted_at, id) > (?, ?)
      order by accepted_at, id limit ?
      """;

  private static final String OLD_DEPLOYMENTS =
      """
      select id, accepted_at from deployment
      where accepted_at < ? and (accepted_at, id) > (?, ?)
      order by accepted_at, id limit ?
      """;

  // Asked for each one: joined to the walk, PostgreSQL would rather read all runs
  private static final String BUSY =
      "select id from run where deployment_id = ? and (state <> 'ended' or ended_at >= ?) limit 1";

  private final Database database;
  private final Periods keep;
  private final String logNotice;
  private Position logs = Position.FIRST;
  private Position deployments = Position.FIRST;

  /** The last deployment that a walk has passed. */
  private record Position(Instant acceptedAt, long id) {
    static final Position FIRST = new Position(Instant.EPOCH, 0);
  }

  private record Old(long id, Instant acceptedAt, boolean atRest) {
    Position step() {
      return new Position(acceptedAt, id);
    }
  }

  /**
   * The times for which each is kept: logs and deployments from their end, deliveries from their
   * arrival; the audit as long as deployments.
   */
  public record Periods(Duration logs, Duration deployments, Duration deliveries) {}

  /**
   * @param logNotice the one line that stands for a log that was removed
   */
  public Retention(Database database, Periods keep, String logNotice) {
    this.database = database;
    this.keep = keep;
    this.logNotice = logNotice;
  }

  /**
   * Removes a little of what is too old, and gives space back to the disk.
   *
   * @return whether there may be more
   */
  public boolean removeSome(Instant now) {
    boolean deliveries = removeDeliveries(now.minus(keep.deliveries()));
    boolean orders = removeGithubOrders(now.minus(keep.deliveries()));
    boolean audit = removeAudit(now.minus(keep.deployments()));
    boolean moreLogs = removeLogs(now);
    boolean moreDeployments = removeDeployments(now.minus(keep.deployments()));
    boolean space = database.dialect() == Dialect.SQLITE && giveSpaceBack();
    return deliveries || orders || audit || moreLogs || moreDeployments || space;
  }

  private boolean removeDeliveries(Instant before) {
    return remove(
        columns -> columns.number("id"),
        "select id from delivery where received_at < ? order by received_at, id limit ?",
        before,
        "delete from delivery where id = ?");
  }

  private boolean removeAudit(Instant before) {
    return remove(
        columns -> columns.number("id"),
        "select id from audit where at < ? order by at, id limit ?",
        before,
        "delete from audit where id = ?");
  }

  private boolean removeGithubOrders(Instant before) {
    return remove(
        columns -> columns.text("guid"),
        "select guid from github_order where asked_at < ? order by asked_at limit ?",
        before,
        "delete from github_order where guid = ?");
  }

  private <T> boolean remove(Sql.Row<T> key, String find, Instant before, String delete) {
    List<T> old = database.read(sql -> sql.list(key, find, before, ROWS));
    if (!old.isEmpty()) {
      database.write(
          sql -> {
            for (T one : old) {
              sql.update(delete, one);
            }
            return 0;
          });
    }
    return !old.isEmpty();
  }

  private List<Old> findOld(String query, Instant before, Position from, int limit) {
    return database.read(
        sql -> {
          List<Old> seen = new ArrayList<>();
          for (Position step :
              sql.list(
                  columns -> new Position(columns.instant("accepted_at"), columns.number("id")),
                  query,
                  before,
                  from.acceptedAt(),
                  from.id(),
                  limit)) {
            boolean atRest =
                sql.first(columns -> columns.number("id"), BUSY, step.id(), before).isEmpty();
            seen.add(new Old(step.id(), step.acceptedAt(), atRest));
          }
          return seen;
        });
  }

  private boolean removeDeployments(Instant before) {
    List<Old> seen = findOld(OLD_DEPLOYMENTS, before, deployments, DEPLOYMENTS);
    List<Old> old = seen.stream().filter(Old::atRest).toList();
    if (!old.isEmpty()) {
      for (Old one : old) {
        if (removeChunks(one.id()) == ROWS) {
          // A long log goes first, bit by bit
          return true;
        }
      }
      database.write(
          sql -> {
            List<Removed> gone = new ArrayList<>();
            for (Old one : old) {
              removeDeployment(sql, one.id()).ifPresent(gone::add);
            }
            recordRemovals(sql, gone, before);
            return 0;
          });
    }
    deployments = seen.isEmpty() ? Position.FIRST : seen.getLast().step();
    return !seen.isEmpty();
  }

  private int removeChunks(long id) {
    boolean isThere =
        database.read(
            sql ->
                sql.first(
                        columns -> columns.number("start"),
                        "select start from log_chunk where deployment_id = ? limit 1",
                        id)
                    .isPresent());
    return isThere ? database.write(sql -> removeChunks(sql, id)) : 0;
  }

  private static int removeChunks(Sql sql, long id) throws SQLException {
    return sql.update(
        """
        delete from log_chunk where deployment_id = ? and start in (
          select start from log_chunk where deployment_id = ? order by start limit ?)
        """,
        id,
        id,
        ROWS);
  }

  private record Removed(Repository repository, long environmentTask, @Nullable Long githubId) {
    static Removed of(Sql.Columns columns) throws SQLException {
      return new Removed(
          new Repository(
              columns.text("host"), columns.number("repository_id"), columns.text("repository")),
          columns.number("environment_task_id"),
          columns.optionalNumber("github_id"));
    }
  }

  private static Optional<Removed> removeDeployment(Sql sql, long id) throws SQLException {
    // A run that joined since keeps its deployment
    Optional<Removed> gone =
        sql.first(
            Removed::of,
            """
            delete from deployment where id = ? and not exists
              (select 1 from run where deployment_id = ? and state <> 'ended')
            returning host, repository_id, repository, environment_task_id, github_id
            """,
            id,
            id);
    if (gone.isPresent()) {
      OutboxRotation.markRemoved(sql, id);
    }
    return gone;
  }

  /** In one order, so that two replicas do not wait for each other. */
  private static void recordRemovals(Sql sql, List<Removed> all, Instant before)
      throws SQLException {
    all.sort(Comparator.comparingLong(Removed::environmentTask));
    for (Removed gone : all) {
      Long githubId = gone.githubId();
      if (githubId != null) {
        EnvironmentTask.recordRemoved(sql, gone.environmentTask(), githubId);
      }
    }
    all.sort(Comparator.comparing(gone -> EnvironmentTask.key(gone.repository())));
    for (Removed gone : all) {
      if (gone.githubId() != null) {
        ReconcileState.forget(sql, gone.repository(), before);
      }
    }
  }

  private boolean removeLogs(Instant now) {
    List<Old> seen = findOld(OLD_LOGS, now.minus(keep.logs()), logs, DEPLOYMENTS);
    for (Old one : seen) {
      if (one.atRest() && database.write(sql -> removeLog(sql, one.id(), now)) == ROWS) {
        return true;
      }
      logs = one.step();
    }
    if (seen.isEmpty()) {
      logs = Position.FIRST;
    }
    return !seen.isEmpty();
  }

  private int removeLog(Sql sql, long id, Instant now) throws SQLException {
    int removed = removeChunks(sql, id);
    if (removed == ROWS) {
      return removed;
    }
    // Two replicas may have come here; the row lets one of them through at a time
    sql.update("update deployment set log_removed_at = ? where id = ?", now, id);
    String note = LogFormat.ownLine(now, logNotice);
    sql.update(
        "insert into log_chunk (deployment_id, start, size, body) values (?, 0, ?, ?)"
            + " on conflict do nothing",
        id,
        note.getBytes(StandardCharsets.UTF_8).length,
        note);
    return removed;
  }

  /** Pages that hold nothing go back to the disk, in a file that was made for it. */
  private boolean giveSpaceBack() {
    boolean isWorth =
        database.read(
            sql ->
                sql.number("pragma auto_vacuum") == INCREMENTAL
                    && sql.number("pragma freelist_count") >= PAGES);
    return isWorth && database.write(Retention::shrink);
  }

  private static boolean shrink(Sql sql) throws SQLException {
    long free = sql.number("pragma freelist_count");
    // The driver takes one step of a statement, which is one page, however many are asked for
    for (int page = 0; page < PAGES; page++) {
      sql.execute("pragma incremental_vacuum(1)");
    }
    return sql.number("pragma freelist_count") < free;
  }
}
