package dev.slipway.store;

import dev.slipway.model.GithubState;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which status leaves next, within one transaction.
 *
 * @param exclusive no other process has the database
 * @param holding the time that holds go by
 */
record Departures(Sql sql, boolean exclusive, Instant now, long holding) {
  private static final String HAS_FINAL =
      """
      exists (select 1 from status f where f.deployment_id = s.deployment_id and f.id >= s.id
        and f.posted_at is null and f.given_up_at is null
        and f.state not in ('QUEUED', 'IN_PROGRESS'))
      """;

  /**
   * The next one that is due.
   *
   * @param isShort not all can leave soon: those with a final one behind them go first, and
   *     intermediate ones with anything behind them in their run are replaced by it
   */
  Optional<Outbox.Outgoing> first(boolean isShort) throws SQLException {
    Optional<Outbox.Outgoing> candidate = candidate(isShort);
    while (isShort && candidate.isPresent() && isReplaced(candidate.get())) {
      candidate = candidate(true);
    }
    return candidate;
  }

  private Optional<Outbox.Outgoing> candidate(boolean isShort) throws SQLException {
    return sql.first(
        Departures::outgoing,
        """
        select d.*, s.id as status_id, s.state as status_state,
          s.description as status_description, s.environment_url as status_url,
          s.created_at as status_created_at, s.tries, s.doubt
        from status s join deployment d on d.id = s.deployment_id
        where s.due_at <= ? and s.held_until <= ? and
        """
            + Outbox.WAITING
            + Outbox.FIRST
            + " order by "
            + (isShort ? "case when " + HAS_FINAL + " then 0 else 1 end, " : "")
            + "s.due_at, s.id limit 1 "
            + (exclusive ? "" : "for update of s skip locked"),
        now,
        holding);
  }

  private static Outbox.Outgoing outgoing(Sql.Columns columns) throws SQLException {
    return new Outbox.Outgoing(
        columns.number("status_id"),
        StoredDeployment.of(columns),
        new Status(
            GithubState.valueOf(columns.text("status_state")),
            columns.text("status_description"),
            columns.optionalUri("status_url")),
        columns.instant("status_created_at"),
        (int) columns.number("tries"),
        columns.flag("doubt"),
        List.of());
  }

  /** Replaces an intermediate status that GitHub surely has not by the next one of its run. */
  private boolean isReplaced(Outbox.Outgoing candidate) throws SQLException {
    return sql.update(
            """
            update status set given_up_at = ?, problem = null, replaced_by =
              (select min(o.id) from status o where o.deployment_id = status.deployment_id
                and o.run = status.run and o.id > status.id
                and o.posted_at is null and o.given_up_at is null)
            where id = ? and doubt = 0 and state in ('QUEUED', 'IN_PROGRESS')
              and exists (select 1 from status o where o.deployment_id = status.deployment_id
                and o.run = status.run and o.id > status.id
                and o.posted_at is null and o.given_up_at is null)
            """,
            now,
            candidate.id())
        == 1;
  }

  /** Marks it as being sent. */
  Outbox.Outgoing handOut(Outbox.Outgoing outgoing, long heldUntil) throws SQLException {
    sql.update(
        "update status set tries = tries + 1, doubt = 1, held_until = ? where id = ?",
        heldUntil,
        outgoing.id());
    List<Long> known =
        sql.list(
            columns -> columns.number(1),
            "select github_id from status where deployment_id = ? and github_id is not null",
            outgoing.deployment().id());
    return new Outbox.Outgoing(
        outgoing.id(),
        outgoing.deployment(),
        outgoing.status(),
        outgoing.createdAt(),
        outgoing.tries(),
        outgoing.doubt(),
        known);
  }
}
