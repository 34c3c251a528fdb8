package dev.slipway.store;

import java.util.List;

/**
 * The transient environments that may stand. One is kept from the moment in which a deployment to
 * it joins a queue until a run has destroyed it, under the deployment that joined last.
 */
public final class TransientEnvironments {
  private final Database database;

  public TransientEnvironments(Database database) {
    this.database = database;
  }

  /** The deployments that joined last, one for each environment, oldest first. */
  public List<StoredDeployment> all() {
    return database.read(
        sql ->
            sql.list(
                StoredDeployment::of,
                "select d.* from transient_environment t join deployment d on d.id ="
                    + " t.deployment_id order by t.deployment_id"));
  }
}
