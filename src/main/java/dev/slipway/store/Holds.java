package dev.slipway.store;

import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.FreezeCalendar;
import dev.slipway.model.Hold;
import dev.slipway.model.Route;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Finds out why a run that nobody is before may not start now. */
final class Holds {
  private final FreezeCalendar calendar;

  /**
   * @param calendar when no run of a route starts
   */
  Holds(FreezeCalendar calendar) {
    this.calendar = calendar;
  }

  /** What locks and freeze windows go by. */
  private record Head(
      String host,
      String repositoryKey,
      String environmentKey,
      long deploymentId,
      String route,
      boolean overridesFreeze) {
    static Head of(Sql.Columns columns) throws SQLException {
      return new Head(
          columns.text("host"),
          columns.text("repository_key"),
          columns.text("environment_key"),
          columns.number("deployment_id"),
          columns.text("route"),
          columns.flag("freeze_overridden"));
    }
  }

  /** Empty when it may start. */
  Optional<Hold> find(Sql sql, long runId, Instant now) throws SQLException {
    Head head =
        sql.first(
                Head::of,
                """
                select e.host, e.repository_key, e.environment_key, r.deployment_id, r.route,
                  r.freeze_overridden
                from run r join environment_task e on e.id = r.environment_task_id where r.id = ?
                """,
                runId)
            .orElseThrow();
    if (head.route().equals(Route.CHATOPS)) {
      // It deploys nothing, and may be the one that unlocks
      return Optional.empty();
    }
    Optional<EnvironmentLock> lock =
        EnvironmentLocks.holding(
            sql, head.host(), head.repositoryKey(), head.environmentKey(), now);
    if (lock.isPresent() || head.overridesFreeze()) {
      return lock.map(EnvironmentLock::hold);
    }
    return calendar.hold(head.route(), head.deploymentId(), now);
  }
}
