package dev.slipway.store;

import dev.slipway.model.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The transient environments that may stand. One is kept from the moment in which a deployment to
 * it joins a queue until a run has destroyed it, under the deployment that joined last.
 */
public final class TransientEnvironments {
  private static final int AT_ONCE = 200;
  private static final int MOST_READS = 20;

  private final Database database;

  public TransientEnvironments(Database database) {
    this.database = database;
  }

  /**
   * The environments that are wanted, each as the deployment that joined last and its last run, the
   * newest first. It looks at a few thousand rows at the most, and says how far it has come.
   *
   * @param before only of deployments with a smaller number of ours
   */
  public Page<ExistingDeployment> list(long before, int limit, Predicate<StoredDeployment> wanted) {
    return Page.of(
        before,
        limit,
        MOST_READS,
        row -> row.deployment().id(),
        row -> wanted.test(row.deployment()),
        this::read);
  }

  private List<ExistingDeployment> read(long before) {
    return database.read(
        sql -> {
          List<ExistingDeployment> rows = new ArrayList<>();
          for (StoredDeployment stored :
              sql.list(
                  StoredDeployment::of,
                  "select d.* from transient_environment t join deployment d on d.id ="
                      + " t.deployment_id where t.deployment_id < ?"
                      + " order by t.deployment_id desc limit ?",
                  before,
                  AT_ONCE)) {
            rows.add(new ExistingDeployment(stored, SharedStatements.lastRun(sql, stored.id())));
          }
          return rows;
        });
  }

  /** The environment with this name, as above; empty when there is none that may stand. */
  public Optional<ExistingDeployment> find(Repository repository, String environment) {
    return database.read(
        sql -> {
          Optional<StoredDeployment> stored =
              sql.first(
                  StoredDeployment::of,
                  "select d.* from transient_environment t join deployment d on d.id ="
                      + " t.deployment_id where t.host = ? and t.repository_key = ?"
                      + " and t.environment_key = ?",
                  repository.host(),
                  EnvironmentTask.key(repository),
                  environment.toLowerCase(Locale.ROOT));
          return stored.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new ExistingDeployment(
                      stored.get(), SharedStatements.lastRun(sql, stored.get().id())));
        });
  }
}
