package dev.slipway.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that GitHub has not got yet, seen from another process than the server. On SQLite it
 * opens the file beside the server, which holds the lock file; a mark in the database is all that
 * it writes.
 */
public final class WaitingStatuses {
  /** So many deployments are listed at most. */
  public static final int MOST = 1_000;

  private static final String LIST =
      """
      select d.host, d.repository, d.github_id, d.environment, s.state, s.problem, o.since,
        count_of.waiting, r.problem as of_repository, p.problem as of_all,
        case when p.refused_until > p.paused_until then p.refused_until else p.paused_until end
          as all_until, r.until_at, o.due_at
      from (select deployment_id, host, due_at, since, flow_key from outbox
          where host = ? order by since limit ?) o
        join deployment d on d.id = o.deployment_id
        join (select deployment_id, min(id) as first, count(*) as waiting from status
          where posted_at is null and given_up_at is null
            and deployment_id in
              (select deployment_id from outbox where host = ? order by since limit ?)
          group by deployment_id) count_of on count_of.deployment_id = o.deployment_id
        join status s on s.id = count_of.first
        left join outbox_refusal r on r.flow_key = o.flow_key
        left join posting p on p.host = o.host
      order by o.since, d.id
      """;

  private final DatabaseClient database;

  /**
   * @param url as the configuration has it
   */
  public WaitingStatuses(String url, DatabaseLogin login) {
    this.database = new DatabaseClient(url, login);
  }

  /**
   * A deployment of which GitHub has not got every status.
   *
   * @param host the GitHub host that it is of
   * @param state of the first that waits
   * @param waiting how many wait
   * @param due when the next try is due at the earliest
   * @param problem what GitHub said last, or null before the first try
   */
  public record Waiting(
      String host,
      String repository,
      long githubId,
      String environment,
      String state,
      int waiting,
      Instant since,
      Instant due,
      @Nullable String problem) {
    static Waiting of(Sql.Columns columns) throws SQLException {
      String ofRepository = columns.optionalText("of_repository");
      String ofAll = columns.optionalText("of_all");
      String own = columns.optionalText("problem");
      long due =
          Math.max(
              Math.max(columns.number("due_at"), columns.number("all_until")),
              columns.number("until_at"));
      return new Waiting(
          columns.text("host"),
          columns.text("repository"),
          columns.number("github_id"),
          columns.text("environment"),
          columns.text("state").toLowerCase(Locale.ROOT),
          (int) columns.number("waiting"),
          columns.instant("since"),
          Instant.ofEpochMilli(due),
          ofAll != null ? ofAll : ofRepository != null ? ofRepository : own);
    }
  }

  /**
   * The deployments with statuses that wait, the oldest first.
   *
   * @throws StoreException when there is no such database, or it cannot be read
   */
  public List<Waiting> list() {
    return database.run("read", WaitingStatuses::list);
  }

  private static List<Waiting> list(Sql sql) throws SQLException {
    List<Waiting> all = new ArrayList<>();
    for (String host : Outboxes.hostsWithRows(sql)) {
      all.addAll(sql.list(Waiting::of, LIST, host, MOST, host, MOST));
    }
    return all.stream().sorted(Comparator.comparing(Waiting::since)).limit(MOST).toList();
  }

  /**
   * Has everything that waits tried at once, in spite of refusals; a pause that GitHub asked for
   * stays. The mark is on disk when this returns; who serves sees it within a second.
   *
   * @throws StoreException when there is no such database, or it cannot be written
   */
  public void retry() {
    int _ = database.run("written", sql -> sql.update("update posting set retry_requested = 1"));
  }
}
