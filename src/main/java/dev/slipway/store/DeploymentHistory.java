package dev.slipway.store;

import dev.slipway.model.Fact;
import dev.slipway.model.QueueMember;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads all that is kept about a delivery, and about the deployment that it told of. */
public final class DeploymentHistory {
  /** So many deliveries of one deployment or GUID are read. */
  static final int MOST_DELIVERIES = 50;

  private static final String DELIVERY =
      """
      select guid, event, source, secret, received_at, decision, reason, deployment_id, host,
        github_id, hook
      from delivery
      """;

  private final Transactions transactions;

  private DeploymentHistory(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The history in the database of a server. */
  public static DeploymentHistory of(Database database) {
    return new DeploymentHistory(database.transactions());
  }

  /**
   * The history as another process than the server sees it.
   *
   * @param url as the configuration has it
   */
  public static DeploymentHistory of(String url, DatabaseLogin login) {
    return new DeploymentHistory(new DatabaseClient(url, login));
  }

  /**
   * A delivery with its decision.
   *
   * @param source how it came to us: {@code webhook}, {@code api} …
   * @param secret the name of the webhook secret that signed it; empty where none did
   * @param decision the code of its {@code Decision}
   * @param deploymentId our number of the deployment that it told of, or null
   * @param turnedAway what deployment it told of that was turned away; null when none was
   * @param hook GitHub's number of the webhook, or empty
   */
  public record StoredDelivery(
      String guid,
      String event,
      String source,
      String secret,
      Instant receivedAt,
      String decision,
      String reason,
      @Nullable Long deploymentId,
      @Nullable GithubDeployment turnedAway,
      String hook) {
    private static StoredDelivery of(Sql.Columns columns) throws SQLException {
      Long githubId = columns.optionalNumber("github_id");
      String host = columns.optionalText("host");
      return new StoredDelivery(
          columns.text("guid"),
          columns.text("event"),
          columns.text("source"),
          columns.text("secret"),
          columns.instant("received_at"),
          columns.text("decision"),
          columns.text("reason"),
          columns.optionalNumber("deployment_id"),
          githubId == null || host == null ? null : new GithubDeployment(host, githubId),
          columns.text("hook"));
    }
  }

  /** What GitHub calls a deployment. */
  public record GithubDeployment(String host, long id) {}

  /**
   * A run with what happened in it.
   *
   * @param ahead how many runs of its queue come before it, while it waits
   * @param first the first of those, while it waits
   */
  public record RunHistory(
      StoredRun run, List<Fact> facts, long ahead, Optional<QueueMember> first) {
    public RunHistory {
      facts = List.copyOf(facts);
    }
  }

  /**
   * What is kept of one deployment.
   *
   * @param runs the first comes first
   */
  public record KeptDeployment(
      StoredDeployment deployment,
      List<RunHistory> runs,
      List<DeploymentQueries.StatusReport> statuses) {
    public KeptDeployment {
      runs = List.copyOf(runs);
      statuses = List.copyOf(statuses);
    }
  }

  /** The deliveries with this GUID, the first comes first; several hooks share one. */
  public List<StoredDelivery> deliveries(String guid) {
    return transactions.read(
        sql ->
            sql.list(
                StoredDelivery::of,
                DELIVERY + "where guid = ? order by guid, id limit ?",
                guid,
                MOST_DELIVERIES));
  }

  /** The deliveries that told of this deployment of ours, the first comes first. */
  public List<StoredDelivery> deliveries(long deploymentId) {
    return transactions.read(
        sql ->
            sql.list(
                StoredDelivery::of,
                DELIVERY + "where deployment_id = ? order by deployment_id, id limit ?",
                deploymentId,
                MOST_DELIVERIES));
  }

  /** The deliveries of a deployment of GitHub's that were turned away. */
  public List<StoredDelivery> turnedAway(GithubDeployment deployment) {
    return transactions.read(
        sql ->
            sql.list(
                StoredDelivery::of,
                DELIVERY + "where github_id = ? and host = ? order by github_id, id limit ?",
                deployment.id(),
                deployment.host(),
                MOST_DELIVERIES));
  }

  /** Our number of a deployment of GitHub's. */
  public Optional<Long> find(GithubDeployment deployment) {
    return transactions.read(
        sql ->
            sql.first(
                columns -> columns.number("id"),
                "select id from deployment where host = ? and github_id = ?",
                deployment.host(),
                deployment.id()));
  }

  /** What is kept of the deployment with our number. */
  public Optional<KeptDeployment> find(long deploymentId) {
    return transactions.read(
        sql -> {
          Optional<StoredDeployment> deployment =
              sql.first(
                  StoredDeployment::of, "select * from deployment where id = ?", deploymentId);
          return deployment.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new KeptDeployment(
                      deployment.get(),
                      runs(sql, deploymentId),
                      DeploymentQueries.statuses(sql, deploymentId)));
        });
  }

  private static List<RunHistory> runs(Sql sql, long deploymentId) throws SQLException {
    List<RunHistory> runs = new ArrayList<>();
    for (StoredRun run :
        sql.list(
            StoredRun::of,
            "select * from run where deployment_id = ? order by number",
            deploymentId)) {
      boolean waits = run.state() == StoredRun.State.QUEUED;
      runs.add(
          new RunHistory(
              run,
              DeploymentQueries.facts(sql, run.id()),
              waits ? ahead(sql, run) : 0,
              waits ? first(sql, run) : Optional.empty()));
    }
    return runs;
  }

  private static Optional<QueueMember> first(Sql sql, StoredRun run) throws SQLException {
    return RunQueue.read(sql, run.queueKey(), new CounterChanges())
        .runningOrHead()
        .filter(member -> member.runId() != run.id());
  }

  private static long ahead(Sql sql, StoredRun run) throws SQLException {
    long running =
        sql.number(
            "select count(*) from queue where queue_key = ? and running_run_id is not null",
            run.queueKey());
    return running
        + sql.number(
            "select count(*) from run where queue_key = ? and state = 'queued' and id < ?",
            run.queueKey(),
            run.id());
  }
}
