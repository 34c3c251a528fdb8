package dev.slipway.store;

import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.Hold;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Finds out why a run that nobody is before may not start now. */
final class Holds {
  private record Place(String host, String repositoryKey, String environmentKey) {
    static Place of(Sql.Columns columns) throws SQLException {
      return new Place(
          columns.text("host"), columns.text("repository_key"), columns.text("environment_key"));
    }
  }

  /** Empty when it may start. */
  Optional<Hold> find(Sql sql, long runId, Instant now) throws SQLException {
    Place place =
        sql.first(
                Place::of,
                "select e.host, e.repository_key, e.environment_key from run r"
                    + " join environment_task e on e.id = r.environment_task_id where r.id = ?",
                runId)
            .orElseThrow();
    return EnvironmentLocks.holding(
            sql, place.host(), place.repositoryKey(), place.environmentKey(), now)
        .map(EnvironmentLock::hold);
  }
}
