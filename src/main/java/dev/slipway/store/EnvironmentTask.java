package dev.slipway.store;

import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.Repository;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/**
 * An environment and one task: what stays known of their deployments when the rows are removed.
 *
 * @param newest GitHub's highest number among those that joined a queue; 0 when none did
 * @param newestRemoved GitHub's highest number among those that were removed for their age, or 0
 */
record EnvironmentTask(long id, long newest, long newestRemoved) {
  /** The name by which repositories are compared: GitHub does not tell upper from lower case. */
  static String key(Repository repository) {
    return repository.fullName().toLowerCase(Locale.ROOT);
  }

  /** The name by which environments are compared: as in queues and on GitHub, in lower case. */
  static String key(Environment environment) {
    return environment.name().toLowerCase(Locale.ROOT);
  }

  private static EnvironmentTask of(Sql.Columns columns) throws SQLException {
    return new EnvironmentTask(
        columns.number("id"),
        columns.number("newest_github_id"),
        columns.number("removed_github_id"));
  }

  static Optional<EnvironmentTask> find(Sql sql, Deployment deployment) throws SQLException {
    return sql.first(
        EnvironmentTask::of,
        "select id, newest_github_id, removed_github_id from environment_task"
            + " where host = ? and repository_key = ? and environment_key = ? and task = ?",
        deployment.repository().host(),
        key(deployment.repository()),
        key(deployment.environment()),
        deployment.task());
  }

  /** Creates the row that was not found; another transaction may have made it since. */
  static EnvironmentTask create(Sql sql, Deployment deployment) throws SQLException {
    return sql.first(
            EnvironmentTask::of,
            """
            insert into environment_task (host, repository_key, environment_key, task,
              newest_github_id, removed_github_id)
            values (?, ?, ?, ?, 0, 0)
            on conflict (host, repository_key, environment_key, task)
              do update set task = environment_task.task
            returning id, newest_github_id, removed_github_id
            """,
            deployment.repository().host(),
            key(deployment.repository()),
            key(deployment.environment()),
            deployment.task())
        .orElseThrow();
  }

  /** Records that a deployment with this number of GitHub's has joined a queue. */
  static void recordNewest(Sql sql, long deploymentId, long githubId) throws SQLException {
    sql.update(
        """
        update environment_task set newest_github_id = ?
          where id = (select environment_task_id from deployment where id = ?)
            and newest_github_id < ?
        """,
        githubId,
        deploymentId,
        githubId);
  }

  /** Records that the row of the deployment with this number was removed for its age. */
  static void recordRemoved(Sql sql, long id, long githubId) throws SQLException {
    sql.update(
        "update environment_task set removed_github_id = ? where id = ? and removed_github_id < ?",
        githubId,
        id,
        githubId);
  }
}
