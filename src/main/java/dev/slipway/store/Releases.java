package dev.slipway.store;

import dev.slipway.model.Environment;
import dev.slipway.model.Repository;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Reads which deployments brought the commits that are, or were, live in an environment. */
public final class Releases {
  private static final String SUCCEEDED =
      """
      select d.*, r.ended_at from run r join deployment d on d.id = r.deployment_id
      """;

  private final Database database;

  public Releases(Database database) {
    this.database = database;
  }

  /**
   * A deployment that succeeded.
   *
   * @param at when it did
   */
  public record Release(StoredDeployment deployment, Instant at) {
    static Release of(Sql.Columns columns) throws SQLException {
      return new Release(StoredDeployment.of(columns), columns.instant("ended_at"));
    }
  }

  /**
   * The one whose commit is live in the environment; empty if none succeeded there, or if its row
   * was removed for its age.
   */
  public Optional<Release> live(Repository repository, Environment environment) {
    return database.read(
        sql ->
            sql.first(
                Release::of,
                SUCCEEDED
                    + """
                    where r.end_kind = 'succeeded' and r.deployment_id =
                      (select deployment_id from live_commit
                        where host = ? and repository_key = ? and environment_key = ?)
                    order by r.number desc limit 1
                    """,
                repository.host(),
                EnvironmentTask.key(repository),
                EnvironmentTask.key(environment)));
  }

  /** The newest of the same environment and task that succeeded before, with another commit. */
  public Optional<Release> before(Release present) {
    String commit = present.deployment().deployment().sha();
    return database.read(
        sql ->
            sql.first(
                Release::of,
                SUCCEEDED
                    + """
                    where r.environment_task_id =
                        (select environment_task_id from deployment where id = ?)
                      and r.end_kind = 'succeeded' and r.ended_at < ?
                      and d.sha is not null and d.sha <> ?
                    order by r.ended_at desc limit 1
                    """,
                present.deployment().id(),
                present.at(),
                commit == null ? "" : commit));
  }

  /** The deployment with our number, if it succeeded. */
  public Optional<Release> find(long deploymentId) {
    return database.read(
        sql ->
            sql.first(
                Release::of,
                SUCCEEDED
                    + """
                    where r.deployment_id = ? and r.end_kind = 'succeeded'
                    order by r.number desc limit 1
                    """,
                deploymentId));
  }
}
