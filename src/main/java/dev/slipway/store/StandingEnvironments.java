package dev.slipway.store;

import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Repository;
import dev.slipway.model.RunPurpose;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Keeps, within a transaction, which transient environments may stand. */
final class StandingEnvironments {
  private StandingEnvironments() {}

  /** The deployments that joined last to those of a repository, oldest first. */
  static List<StoredDeployment> of(Sql sql, Repository repository) throws SQLException {
    return sql.list(
        StoredDeployment::of,
        "select d.* from transient_environment t join deployment d on d.id = t.deployment_id"
            + " where t.host = ? and t.repository_key = ? order by t.deployment_id",
        repository.host(),
        EnvironmentTask.key(repository));
  }

  /** Whether the environment of this deployment may stand, and no other one to it joined later. */
  static boolean isNewest(Sql sql, long id, Deployment deployment) throws SQLException {
    return sql.number(
            "select deployment_id from transient_environment where host = ? and repository_key = ?"
                + " and environment_key = ?",
            deployment.repository().host(),
            EnvironmentTask.key(deployment.repository()),
            EnvironmentTask.key(deployment.environment()))
        == id;
  }

  /** Records that a deployment is about to make its environment, if that is transient. */
  static void recordDeployment(Sql sql, QueueEntry entry) throws SQLException {
    Deployment deployment = entry.deployment();
    if (deployment.environment().isTransient()
        && deployment.isWhole()
        && entry.purpose() instanceof RunPurpose.Deploy) {
      sql.update(
          """
          insert into transient_environment (host, repository_key, environment_key, deployment_id)
          values (?, ?, ?, ?)
          on conflict (host, repository_key, environment_key)
            do update set deployment_id = excluded.deployment_id
          """,
          deployment.repository().host(),
          EnvironmentTask.key(deployment.repository()),
          EnvironmentTask.key(deployment.environment()),
          entry.deploymentId());
    }
  }

  private record Place(String host, String repositoryKey, String environmentKey) {
    static Place of(Sql.Columns columns) throws SQLException {
      return new Place(
          columns.text("host"), columns.text("repository_key"), columns.text("environment_key"));
    }
  }

  private record Standing(long deploymentId, int run) {}

  private static final String OF_ENVIRONMENT =
      """
      from deployment d where d.transient_environment = 1 and d.environment_task_id in
        (select id from environment_task
          where host = ? and repository_key = ? and environment_key = ?)
      """;

  /**
   * Records that a run has destroyed the environment of its deployment: nothing is live there, all
   * deployments that GitHub shows as a success, or as not destroyed, become inactive, and are
   * deleted there if the run's purpose says so.
   */
  static void recordDestroyed(Sql sql, Lease lease, End.Destroyed end, Instant now)
      throws SQLException {
    Place place =
        sql.first(
                Place::of,
                "select e.host, e.repository_key, e.environment_key from deployment d"
                    + " join environment_task e on e.id = d.environment_task_id where d.id = ?",
                lease.deploymentId())
            .orElseThrow();
    sql.update(
        "delete from transient_environment where host = ? and repository_key = ?"
            + " and environment_key = ? and deployment_id = ?",
        place.host(),
        place.repositoryKey(),
        place.environmentKey(),
        lease.deploymentId());
    sql.update(
        "delete from live_commit where host = ? and repository_key = ? and environment_key = ?",
        place.host(),
        place.repositoryKey(),
        place.environmentKey());
    List<Standing> standing =
        sql.list(
            columns -> new Standing(columns.number("id"), (int) columns.number("run")),
            "select d.id, (select max(number) from run where deployment_id = d.id) as run "
                + OF_ENVIRONMENT
                + """
                and d.id <> ? and (select state from status where deployment_id = d.id
                    order by id desc limit 1)
                  in ('success', case (select purpose from run where deployment_id = d.id
                    order by number desc limit 1) when 'deploy' then 'success' else 'failure' end)
                order by d.id
                """,
            place.host(),
            place.repositoryKey(),
            place.environmentKey(),
            lease.deploymentId());
    for (Standing earlier : standing) {
      SharedStatements.addStatus(sql, earlier.deploymentId(), earlier.run(), Status.of(end), now);
    }
    if (deletes(sql, lease)) {
      sql.update(
          "insert into github_deletion (deployment_id, host, due_at, tries) select d.id, d.host, ?, 0 "
              + OF_ENVIRONMENT
              + " and d.github_id is not null and d.id <= ? on conflict (deployment_id) do nothing",
          now,
          place.host(),
          place.repositoryKey(),
          place.environmentKey(),
          lease.deploymentId());
    }
  }

  private static boolean deletes(Sql sql, Lease lease) throws SQLException {
    return sql.first(StoredRun::of, "select * from run where id = ?", lease.runId())
        .map(StoredRun::purpose)
        .filter(
            purpose ->
                purpose instanceof RunPurpose.Destroy destroy && destroy.deletesDeployments())
        .isPresent();
  }
}
