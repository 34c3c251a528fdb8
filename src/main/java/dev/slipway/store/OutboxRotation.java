package dev.slipway.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the repositories of a GitHub host are served, kept so that the next row is
 * looked up and not searched for. A repository has two flows, one of them for deployments with a
 * final status to post. Whoever adds a status only marks the deployment's row; the posters of the
 * host, one at a time, do the rest.
 */
record OutboxRotation(Sql sql, String host, Instant now) {
  /** Rows that one transaction deals with at most. */
  static final int AT_ONCE = 200;

  /** Rows of a flow that are looked at for one whose environment is not taken. */
  private static final int LOOKED_AT = 20;

  private static final String SUCCEEDED =
      "exists (select 1 from status s where s.deployment_id = d.id and s.state = 'success'"
          + " and s.posted_at is null and s.given_up_at is null)";

  /** One of the two flows of a repository. */
  record Flow(String repository, boolean hasFinal) {
    private static Flow of(Sql.Columns columns) throws SQLException {
      return new Flow(columns.text("flow_key"), columns.flag("has_final"));
    }
  }

  /** Marks that a deployment gets a status. Does nothing for one that GitHub does not know. */
  static void markChanged(Sql sql, long deploymentId, Instant now) throws SQLException {
    sql.update(
        """
        insert into outbox (deployment_id, host, flow_key, changed, status_id, waiting, has_final,
          since, due_at)
        select id, host, host || '/' || repository_key, 1, 0, 0, 0, ?, ? from deployment
          where id = ? and github_id is not null
        on conflict (deployment_id) do update set changed = 1
        """,
        now,
        now,
        deploymentId);
  }

  /** Says that a deployment was removed, and with it what was to be said about it. */
  static void markRemoved(Sql sql, long deploymentId) throws SQLException {
    sql.update("update outbox set changed = 1 where deployment_id = ?", deploymentId);
  }

  /** Brings the flows of a repository up to date with its rows. */
  void refresh(String repository) throws SQLException {
    long rest = sql.number("select until_at from outbox_refusal where flow_key = ?", repository);
    refresh(repository, false, rest);
    refresh(repository, true, rest);
  }

  private void refresh(String repository, boolean hasFinal, long rest) throws SQLException {
    @Nullable Long first =
        sql.first(
                columns -> Optional.ofNullable(columns.optionalNumber("due")),
                "select min(due_at) as due from outbox"
                    + " where flow_key = ? and has_final = ? and claimed_until is null",
                repository,
                hasFinal)
            .flatMap(due -> due)
            .orElse(null);
    if (first == null) {
      sql.update(
          "delete from outbox_flow where flow_key = ? and has_final = ?", repository, hasFinal);
      return;
    }
    long due = Math.max(first, rest);
    // A new one stands behind all others, or one that is often empty would be first each time
    sql.update(
        """
        insert into outbox_flow (host, flow_key, has_final, due_at, ready, served)
        values (?, ?, ?, ?, ?, (select served from posting where host = ?))
        on conflict (flow_key, has_final)
          do update set due_at = excluded.due_at, ready = excluded.ready
        """,
        host,
        repository,
        hasFinal,
        due,
        due <= now.toEpochMilli(),
        host);
  }

  /** Flows whose time has come can be chosen from now on. */
  void markReady() throws SQLException {
    List<Flow> woken =
        sql.list(
            Flow::of,
            "select flow_key, has_final from outbox_flow"
                + " where host = ? and ready = 0 and due_at <= ? order by due_at limit "
                + AT_ONCE,
            host,
            now);
    for (Flow flow : woken) {
      sql.update(
          "update outbox_flow set ready = 1 where flow_key = ? and has_final = ?",
          flow.repository(),
          flow.hasFinal());
    }
  }

  /** The deployment whose turn it is: final ones first, then who was served longest ago. */
  Optional<Long> nextDeployment() throws SQLException {
    for (int i = 0; i < AT_ONCE; i++) {
      Optional<Flow> flow =
          sql.first(
              Flow::of,
              "select flow_key, has_final from outbox_flow where host = ? and ready = 1"
                  + " order by has_final desc, served, flow_key limit 1",
              host);
      if (flow.isEmpty()) {
        return Optional.empty();
      }
      Optional<Long> deployment = nextDeployment(flow.get());
      if (deployment.isPresent()) {
        return deployment;
      }
      // The clock was set back since it was made ready, or its environments are taken
      refresh(flow.get().repository());
      defer(flow.get());
    }
    return Optional.empty();
  }

  private Optional<Long> nextDeployment(Flow flow) throws SQLException {
    List<Long> due =
        sql.list(
            columns -> columns.number(1),
            "select deployment_id from outbox where flow_key = ? and has_final = ? and"
                + " claimed_until is null and due_at <= ? order by due_at, deployment_id limit ?",
            flow.repository(),
            flow.hasFinal(),
            now,
            LOOKED_AT);
    Set<String> taken = busyEnvironments(flow.repository());
    for (long deployment : due) {
      if (taken.isEmpty() || !taken.contains(successEnvironment(deployment))) {
        return Optional.of(deployment);
      }
    }
    return Optional.empty();
  }

  /**
   * The environments of which somebody is posting for a deployment with a success to tell. With a
   * success GitHub makes those of earlier deployments inactive: of two at once the earlier could
   * come last, and both would stay active.
   */
  private Set<String> busyEnvironments(String repository) throws SQLException {
    return Set.copyOf(
        sql.list(
            columns -> columns.text("environment_key"),
            "select e.environment_key from outbox o join deployment d on d.id = o.deployment_id"
                + " join environment_task e on e.id = d.environment_task_id"
                + " where o.host = ? and o.claimed_until >= 0 and o.flow_key = ? and "
                + SUCCEEDED,
            host,
            repository));
  }

  /** The environment of a deployment of which a success waits; empty if none does. */
  private String successEnvironment(long deployment) throws SQLException {
    return sql.first(
            columns -> columns.text("environment_key"),
            "select e.environment_key from deployment d"
                + " join environment_task e on e.id = d.environment_task_id where d.id = ? and "
                + SUCCEEDED,
            deployment)
        .orElse("");
  }

  /** Looks at a flow again in a second, or when something of its repository was posted. */
  private void defer(Flow flow) throws SQLException {
    sql.update(
        "update outbox_flow set ready = 0, due_at = ?"
            + " where flow_key = ? and has_final = ? and ready = 1",
        now.plusSeconds(1),
        flow.repository(),
        flow.hasFinal());
  }

  /** A repository was served, and is last from now on. */
  void moveToBack(String repository) throws SQLException {
    sql.update("update posting set served = served + 1 where host = ?", host);
    sql.update(
        "update outbox_flow set served = (select served from posting where host = ?)"
            + " where flow_key = ?",
        host,
        repository);
    refresh(repository);
  }

  /** The number of statuses that could be posted to a host now, counted up to the limit. */
  static long countDue(Sql sql, String host, Instant now, int limit) throws SQLException {
    return sql.number(
        """
        select coalesce(sum(waiting), 0) from (
          select o.waiting from outbox_flow l join outbox o on o.flow_key = l.flow_key
            and o.has_final = l.has_final and o.claimed_until is null and o.due_at <= ?
          where l.host = ? and l.ready = 1 order by l.has_final desc, l.served, l.flow_key limit ?) counted
        """,
        now,
        host,
        limit);
  }

  /** The number of statuses that wait of deployments with a claimed one, up to the limit. */
  static long countClaimed(Sql sql, String host, int limit) throws SQLException {
    return sql.number(
        """
        select coalesce(sum(waiting), 0) from (
          select waiting from outbox where host = ? and claimed_until >= 0
            order by claimed_until limit ?) counted
        """,
        host,
        limit);
  }
}
