package dev.slipway.store;

import dev.slipway.model.AuditEntry;
import dev.slipway.model.Deployment;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.Repository;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads deployments with their runs, facts and statuses. */
public final class DeploymentQueries {
  private static final int AT_ONCE = 200;
  private static final int MOST_READS = 20;

  private static final String LIST =
      """
      select d.id, d.host, d.github_id, d.repository, d.environment, d.task, d.ref, d.sha, d.creator,
        d.accepted_at,
        (select number from run where deployment_id = d.id order by number desc limit 1) as number,
        (select state from run where deployment_id = d.id order by number desc limit 1) as state,
        (select end_kind from run where deployment_id = d.id order by number desc limit 1) as end_kind,
        (select end_reason from run where deployment_id = d.id order by number desc limit 1) as end_reason
      from deployment d where %sd.id < ? order by d.id desc limit ?
      """;

  private final Database database;

  public DeploymentQueries(Database database) {
    this.database = database;
  }

  /**
   * A status and what became of it.
   *
   * @param postedAt when GitHub had it, or null
   * @param givenUp GitHub will never take it
   * @param replaced it is not posted, as a later one says more
   * @param problem why it still waits or was given up
   */
  public record StatusReport(
      int run,
      Status status,
      Instant createdAt,
      @Nullable Instant postedAt,
      boolean givenUp,
      boolean replaced,
      @Nullable String problem) {
    /** Whether GitHub is still to get it. */
    public boolean isWaiting() {
      return postedAt == null && !givenUp && !replaced;
    }
  }

  /** Everything about one deployment but its log. */
  public record DeploymentDetails(
      StoredDeployment deployment, StoredRun run, List<Fact> facts, List<StatusReport> statuses) {
    /** The number of statuses that wait for GitHub. */
    public long waitingForGithub() {
      return deployment.deployment().githubId() == null
          ? 0
          : statuses.stream().filter(StatusReport::isWaiting).count();
    }
  }

  /**
   * The deployments that are wanted; what is null may be anything.
   *
   * @param repository {@code owner/name}, in upper or lower case
   * @param environment its name, in upper or lower case
   * @param state as {@link DeploymentSummary#state} says it
   */
  public record DeploymentFilter(
      @Nullable String repository, @Nullable String environment, @Nullable String state) {
    private boolean takes(DeploymentSummary one) {
      return (environment == null || environment.equalsIgnoreCase(one.environment()))
          && (state == null || state.equals(one.state()));
    }
  }

  /**
   * A deployment in a list.
   *
   * @param run the number of its last run
   * @param state {@code queued}, {@code running}, or how it ended
   * @param reason of its end; null before that
   */
  public record DeploymentSummary(
      long id,
      String host,
      @Nullable Long githubId,
      String repository,
      String environment,
      String task,
      String ref,
      @Nullable String sha,
      String creator,
      Instant acceptedAt,
      int run,
      String state,
      @Nullable String reason) {
    private static DeploymentSummary of(Sql.Columns columns) throws java.sql.SQLException {
      String end = columns.optionalText("end_kind");
      return new DeploymentSummary(
          columns.number("id"),
          columns.text("host"),
          columns.optionalNumber("github_id"),
          columns.text("repository"),
          columns.text("environment"),
          columns.text("task"),
          columns.text("ref"),
          columns.optionalText("sha"),
          columns.text("creator"),
          columns.instant("accepted_at"),
          (int) columns.number("number"),
          end == null ? columns.text("state") : end,
          columns.optionalText("end_reason"));
    }
  }

  /**
   * The newest deployments that are wanted, newest first. It looks at a few thousand at the most,
   * of one repository where that is given, and says how far it has come.
   *
   * @param before only deployments with a smaller number of ours
   * @param visible a further condition
   */
  public Page<DeploymentSummary> list(
      DeploymentFilter filter, long before, int limit, Predicate<DeploymentSummary> visible) {
    return Page.of(
        before,
        limit,
        MOST_READS,
        DeploymentSummary::id,
        visible.and(filter::takes),
        from -> read(filter.repository(), from));
  }

  private List<DeploymentSummary> read(@Nullable String repository, long before) {
    return database.read(
        sql ->
            repository == null
                ? sql.list(DeploymentSummary::of, LIST.formatted(""), before, AT_ONCE)
                : sql.list(
                    DeploymentSummary::of,
                    LIST.formatted("d.repository_key = ? and "),
                    repository.toLowerCase(Locale.ROOT),
                    before,
                    AT_ONCE));
  }

  /** Our number of a deployment that GitHub knows by this one. */
  public OptionalLong numberOf(String host, long githubId) {
    return database.read(
        sql ->
            sql.first(
                    row -> OptionalLong.of(row.number("id")),
                    "select id from deployment where host = ? and github_id = ?",
                    host,
                    githubId)
                .orElse(OptionalLong.empty()));
  }

  /** Our number of the deployment or the lock to which a ChatOps task has done something. */
  public OptionalLong doneBy(ChatOpsAct act) {
    return database.read(
        sql ->
            sql.first(
                    row -> OptionalLong.of(row.number("about_id")),
                    "select about_id from chatops_act where deployment_id = ? and run = ?",
                    act.deploymentId(),
                    act.run())
                .orElse(OptionalLong.empty()));
  }

  /** The deployment with our number, its last run, and that run's facts. */
  public Optional<DeploymentDetails> find(long deploymentId) {
    return database.read(
        sql -> {
          Optional<StoredDeployment> deployment =
              sql.first(
                  StoredDeployment::of, "select * from deployment where id = ?", deploymentId);
          if (deployment.isEmpty()) {
            return Optional.empty();
          }
          StoredRun run = SharedStatements.lastRun(sql, deploymentId);
          return Optional.of(
              new DeploymentDetails(
                  deployment.get(), run, facts(sql, run.id()), statuses(sql, deploymentId)));
        });
  }

  /** The facts of a run, without those that only another version can read. */
  static List<Fact> facts(Sql sql, long runId) throws SQLException {
    return sql
        .list(FactRow::readable, "select * from fact where run_id = ? order by number", runId)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** The statuses of a deployment, of all its runs. */
  static List<StatusReport> statuses(Sql sql, long deploymentId) throws SQLException {
    return sql.list(
        DeploymentQueries::reported,
        """
        select s.*, case when o.deployment_id is null then null
          else coalesce(p.problem, r.problem) end as refusal
        from status s
          left join outbox o on o.deployment_id = s.deployment_id
          left join outbox_refusal r on r.flow_key = o.flow_key
          left join posting p on p.host = o.host
        where s.deployment_id = ? order by s.id
        """,
        deploymentId);
  }

  /**
   * The commit that was deployed last, with success, to the environment of this deployment; empty
   * if there was none, or if nobody said which commit it was. A part of a deployment, which is a
   * task with a colon such as {@code deploy:migrations}, leaves what is live, but a rollback does
   * not.
   */
  public Optional<String> liveCommit(Deployment deployment) {
    return database.read(
        sql -> liveCommit(sql, deployment.repository(), deployment.environment().name()));
  }

  static Optional<String> liveCommit(Sql sql, Repository repository, String environment)
      throws SQLException {
    return sql.first(
            columns -> Optional.ofNullable(columns.optionalText("sha")),
            "select sha from live_commit"
                + " where host = ? and repository_key = ? and environment_key = ?",
            repository.host(),
            EnvironmentTask.key(repository),
            environment.toLowerCase(Locale.ROOT))
        .flatMap(sha -> sha);
  }

  /** One that GitHub was not asked to take waits for the same reason as the one that was. */
  private static @Nullable String problem(Sql.Columns columns) throws SQLException {
    String own = columns.optionalText("problem");
    boolean waits =
        columns.optionalInstant("posted_at") == null
            && columns.optionalInstant("given_up_at") == null;
    return own != null || !waits ? own : columns.optionalText("refusal");
  }

  private static StatusReport reported(Sql.Columns columns) throws SQLException {
    boolean replaced = columns.optionalNumber("replaced_by") != null;
    return new StatusReport(
        (int) columns.number("run"),
        new Status(
            GithubState.of(columns.text("state")),
            columns.text("description"),
            columns.optionalUri("environment_url")),
        columns.instant("created_at"),
        columns.optionalInstant("posted_at"),
        columns.optionalInstant("given_up_at") != null && !replaced,
        replaced,
        problem(columns));
  }

  /** Whether links of this generation still open the deployment's log page. */
  public boolean hasLinks(long deploymentId, int generation) {
    return database.read(
        sql ->
            sql.first(
                    columns -> columns.number("link_generation") == generation,
                    "select link_generation from deployment where id = ?",
                    deploymentId)
                .orElse(false));
  }

  /**
   * Makes all links to the deployment's log page stop working; those that are made from now on do.
   *
   * @param entry for the audit
   * @return whether there is such a deployment
   */
  public boolean revokeLinks(long deploymentId, AuditEntry entry) {
    boolean revoked =
        database.write(
            sql -> {
              boolean isThere =
                  sql.update(
                          "update deployment set link_generation = link_generation + 1 where id = ?",
                          deploymentId)
                      > 0;
              if (isThere) {
                AuditLog.add(sql, entry);
              }
              return isThere;
            });
    database.notifier().signal(CommitNotifier.deployment(deploymentId));
    return revoked;
  }

  /** The number of deploys that go on where the configuration no longer leads to. */
  public int detached() {
    return database.read(
        sql ->
            (int)
                sql.number(
                    "select count(*) from run where detached_at >= 0" + " and state = 'running'"));
  }
}
