package dev.slipway.store;

import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueueMember;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * A database with very many deployments, each of an environment and a repository of its own: one is
 * made by the store, and its rows are copied by set-based statements.
 */
public final class ManyDeployments {
  static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  static final Route ROUTE =
      new Route(
          "production",
          RouteMatch.ANY,
          OriginPolicy.NONE,
          List.of("shell"),
          null,
          QueuePolicy.LATEST);

  /** How the columns of a copy differ; the others are as in the first row. */
  private static final Map<String, Map<String, String>> DIFFER =
      Map.of(
          "environment_task",
          Map.of("repository_key", "'octo/r' || n.i", "newest_github_id", "n.i"),
          "live_commit",
          Map.of("repository_key", "'octo/r' || n.i", "deployment_id", "n.i"),
          "deployment",
          Map.of(
              "repository_key", "'octo/r' || n.i",
              "repository", "'octo/r' || n.i",
              "environment_task_id", "n.i",
              "github_id", "n.i",
              "accepted_at", "t.accepted_at + n.i"),
          "run",
          Map.of(
              "deployment_id", "n.i", "environment_task_id", "n.i", "queue_key", "'queue ' || n.i"),
          "status",
          Map.of("deployment_id", "n.i"),
          "fact",
          Map.of("run_id", "n.i"),
          "log_chunk",
          Map.of("deployment_id", "n.i"),
          "delivery",
          Map.of("guid", "'guid ' || n.i", "deployment_id", "n.i", "received_at", "n.i"),
          "reconcile_repository",
          Map.of("repository_key", "'octo/r' || n.i", "full_name", "'octo/r' || n.i"));

  private static final List<String> ORDER =
      List.of(
          "environment_task",
          "live_commit",
          "deployment",
          "run",
          "status",
          "fact",
          "log_chunk",
          "delivery",
          "reconcile_repository");

  private ManyDeployments() {}

  static Deployment deployment(long githubId) {
    return new Deployment(
        new Repository("github.com", 7, "octo/r" + githubId),
        githubId,
        "a".repeat(40),
        "main",
        new Environment("production", false, true),
        "deploy",
        "{}",
        "",
        "mia",
        T0);
  }

  static long accept(Database database, long githubId) {
    return accept(database, deployment(githubId), "queue " + githubId);
  }

  static long accept(Database database, Deployment deployment, String queueKey) {
    return new Inbox(database, Duration.ofDays(90))
        .record(
            ledger -> {
              RunQueue _ = ledger.lockQueue(queueKey);
              if (ledger.findDeployment(deployment).isPresent() || ledger.isRemoved(deployment)) {
                return -1L;
              }
              boolean _ = ledger.newerThan(deployment).isPresent();
              long id = ledger.addDeployment(deployment, T0);
              QueueEntry ticket = new QueueEntry(id, 1, deployment);
              List<QueueMember> _ =
                  ledger
                      .lockQueue(queueKey)
                      .replaceWaiting(ticket, new End.Superseded("Replaced"), T0);
              Optional<QueueMember> _ =
                  ledger
                      .lockQueue(queueKey)
                      .requestStop(ticket, new Fact.Replaced(T0, "a newer one"));
              int ahead = ledger.lockQueue(queueKey).enqueue(ticket, ROUTE, T0).ahead();
              ledger.addStatus(
                  id,
                  1,
                  new Status(
                      ahead == 0
                          ? dev.slipway.model.GithubState.IN_PROGRESS
                          : dev.slipway.model.GithubState.QUEUED,
                      "Starting"),
                  T0);
              ledger.lockQueue(queueKey).updateStatuses(T0);
              ledger.addDelivery(
                  new Delivery(
                      "guid " + githubId(deployment),
                      "deployment",
                      DeliverySource.WEBHOOK,
                      "current",
                      "00",
                      T0,
                      "",
                      "github.com"),
                  new Decision.Accepted(id, "fits"));
              return id;
            });
  }

  private static long githubId(Deployment deployment) {
    Long id = deployment.githubId();
    return id == null ? 0 : id;
  }

  /**
   * Fills an empty database.
   *
   * @param waiting how many of them wait, each the first of its queue
   */
  public static void fill(String url, int deployments, int waiting) throws Exception {
    try (Database database = Database.open(url, new DatabaseLogin(null, null))) {
      accept(database, 1);
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      LeasedRun taken = LeasedRuns.acquire(runs, "me", T0).orElseThrow();
      runs.record(
          taken.lease(),
          List.of(new Fact.Intended(T0, "shell", null, "", Duration.ZERO)),
          List.of(),
          "",
          T0);
      long _ = new Logs(database).append(taken.lease(), "a line of the log\n");
      runs.settle(taken.lease(), List.of(), new End.Succeeded(null, "live"), "", T0);
      Outbox outbox = new Outbox(database, "github.com", Duration.ofSeconds(20), PostLimits.ANY);
      for (var next = outbox.claim(T0); next.isPresent(); next = outbox.claim(T0)) {
        outbox.confirmPosted(next.get(), next.get().id() + 1000, T0);
      }
    }
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      if (url.startsWith("jdbc:postgresql:")) {
        // The rows are right by the way they are made; to check each would take a minute
        statement.execute("set session_replication_role = replica");
      }
      connection.setAutoCommit(false);
      for (String table : ORDER) {
        statement.executeUpdate(copy(connection, table, deployments));
      }
      statement.executeUpdate(
          "insert into github_order (guid, asked_at)"
              + " select 'order of ' || guid, received_at from delivery");
      statement.executeUpdate(
          "insert into callback (deployment_id, attempt, body, received_at)"
              + " select id, 'attempt of ' || id, '{}', accepted_at from deployment");
      statement.executeUpdate(
          "insert into chatops_act (deployment_id, run, about_id) select id, 1, id from deployment");
      statement.executeUpdate(
          "insert into audit (at, actor, via, action, deployment_id, repository, subject, reason)"
              + " select accepted_at, 'ann', 'api', 'cancel', id, repository, '', '' from"
              + " deployment");
      statement.executeUpdate(
          "insert into provider_log (run_id, target, cursor, size)"
              + " select id, 'render-api', 'cursor', 0 from run");
      wait(statement, deployments, waiting);
      connection.commit();
      connection.setAutoCommit(true);
      statement.execute("analyze");
    }
  }

  /**
   * Makes every second one so old that it has to be removed, in an empty database that was filled.
   */
  public static void age(String url, Duration by) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      String minus = " - " + by.toMillis();
      statement.executeUpdate(
          "update deployment set created_at = created_at%1$s, accepted_at = accepted_at%1$s where id %% 2 = 0"
              .formatted(minus));
      statement.executeUpdate(
          "update run set queued_at = queued_at%1$s, ended_at = ended_at%1$s where id %% 2 = 0"
              .formatted(minus));
    }
  }

  /** Gives each status of a database that was filled a notification, which waits for "all". */
  static void tell(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.executeUpdate(
          "insert into notification (webhook, deployment_id, status_id, event_id, created_at,"
              + " failures, fence)"
              + " select 'all', deployment_id, id, 'event ' || id, created_at, 0, 0 from status");
      statement.executeUpdate(
          "insert into notification_queue (webhook, deployment_id, notification_id, waiting,"
              + " due_at) select webhook, deployment_id, min(id), count(*), min(created_at) from"
              + " notification group by webhook, deployment_id");
      connection.commit();
      connection.setAutoCommit(true);
      statement.execute("analyze");
    }
  }

  private static void wait(Statement statement, int deployments, int waiting) throws SQLException {
    String last = " > " + (deployments - waiting);
    statement.executeUpdate(
        "update run set state = 'queued', started_at = null, ended_at = null, end_kind = null,"
            + " end_reason = null where id"
            + last);
    statement.executeUpdate(
        "insert into queue (queue_key, head_run_id, waiting)"
            + " select queue_key, id, 1 from run where state = 'queued'");
    statement.executeUpdate(
        "update status set posted_at = null where state = 'success' and deployment_id" + last);
    statement.executeUpdate(
        "insert into outbox (deployment_id, host, flow_key, changed, status_id, waiting, has_final,"
            + " since, due_at) select d.id, d.host, d.host || '/' || d.repository_key, 0, s.id, 1, 1, 0, 0"
            + " from deployment d join status s on s.deployment_id = d.id where s.state = 'success'"
            + " and d.id"
            + last);
    statement.executeUpdate(
        "insert into outbox_flow (host, flow_key, has_final, due_at, ready, served)"
            + " select host, flow_key, 1, due_at, 1, 0 from outbox");
    statement.executeUpdate(
        "insert into outbox_refusal (host, flow_key, times, until_at, problem)"
            + " select host, flow_key, 1, 0, 'no' from outbox");
    statement.executeUpdate("update posting set waiting = " + waiting);
    statement.executeUpdate(
        // The one deployment that the store made was counted in a shard that chance chose
        "insert into counter (kind, source, code, shard, number) values ('queued', '', '', 15, "
            + waiting
            + ") on conflict (kind, source, code, shard)"
            + " do update set number = counter.number + excluded.number");
  }

  private static String copy(Connection connection, String table, int deployments)
      throws SQLException {
    StringJoiner columns = new StringJoiner(", ");
    StringJoiner values = new StringJoiner(", ");
    Map<String, String> differ = DIFFER.getOrDefault(table, Map.of());
    try (ResultSet found = connection.getMetaData().getColumns(null, null, table, null)) {
      while (found.next()) {
        String column = found.getString("COLUMN_NAME");
        if (!column.equals("id")) {
          columns.add(column);
          values.add(differ.getOrDefault(column, "t." + column));
        }
      }
    }
    String mine =
        switch (table) {
          case "environment_task", "deployment", "run", "delivery" -> "t.id = 1";
          case "reconcile_repository" -> "t.repository_key = 'octo/r1'";
          case "fact" -> "t.run_id = 1";
          default -> "t.deployment_id = 1";
        };
    return "with recursive n(i) as (select 2 union all select i + 1 from n where i < "
        + deployments
        + ") insert into "
        + table
        + " ("
        + columns
        + ") select "
        + values
        + " from n, "
        + table
        + " t where "
        + mine
        + " order by n.i";
  }
}
