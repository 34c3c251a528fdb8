package dev.slipway.store;

import dev.slipway.model.GithubState;
import dev.slipway.model.Route;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Selects and claims the next status of a GitHub host, within one transaction of a poster.
 *
 * @param claimTime the time by the clock of claims
 */
record OutboxTransaction(Sql sql, String host, Instant now, long claimTime) {
  /** A row of the outbox, as it was brought up to date last. */
  private record Entry(long deployment, String repository, long status, int waiting) {
    static Entry of(Sql.Columns columns) throws SQLException {
      return new Entry(
          columns.number("deployment_id"),
          columns.text("flow_key"),
          columns.number("status_id"),
          (int) columns.number("waiting"));
    }
  }

  private static final String ENTRY =
      "select deployment_id, flow_key, status_id, waiting from outbox where ";

  /** The statuses of a deployment that wait. */
  private record Waiting(long first, int number, boolean hasFinal, Instant since) {
    static Waiting of(Sql.Columns columns) throws SQLException {
      return new Waiting(
          columns.number("first"),
          (int) columns.number("waiting"),
          columns.flag("has_final"),
          columns.instant("since"));
    }
  }

  private OutboxRotation rotation() {
    return new OutboxRotation(sql, host, now);
  }

  /** Rows that are taken notice of in one transaction: others wait for it to write. */
  private static final int GATHERED = 50;

  /** Whether more rows were added to than one transaction takes notice of. */
  static boolean isCrowded(Sql sql, String host) throws SQLException {
    return sql.number(
            "select count(*) from"
                + " (select 1 from outbox where host = ? and changed = 1 limit ?) counted",
            host,
            GATHERED + 1)
        > GATHERED;
  }

  /** Whether there are rows that were added to, or whose holder is gone or slept. */
  static boolean hasChanges(Sql sql, String host, long claimNow) throws SQLException {
    return sql.number("select 1 from outbox where host = ? and changed = 1 limit 1", host) == 1
        || sql.number(
                "select 1 from outbox where host = ? and claimed_until <= ?"
                    + " order by claimed_until limit 1",
                host,
                claimNow)
            == 1;
  }

  /** Decides whether a status whose claim is over stays with its poster. */
  interface Keeping {
    boolean keeps(long status) throws SQLException;
  }

  /**
   * Takes notice of what was added, of holders that are gone, and of what has become due. Whoever
   * adds a status to several rows in any order is not waited for.
   */
  void processChanges(Keeping keeping) throws SQLException {
    List<Entry> changed =
        sql.list(
            Entry::of,
            ENTRY
                + "host = ? and changed = 1 order by deployment_id limit "
                + GATHERED
                + sql.dialect().forUpdateSkipLocked(),
            host);
    for (Entry entry : changed) {
      recount(entry);
    }
    List<Entry> left =
        sql.list(
            Entry::of,
            ENTRY
                + "host = ? and claimed_until <= ? order by claimed_until limit "
                + OutboxRotation.AT_ONCE
                + sql.dialect().forUpdateSkipLocked(),
            host,
            claimTime);
    for (Entry entry : left) {
      if (!keeping.keeps(entry.status())) {
        release(entry.deployment());
      }
    }
    rotation().markReady();
  }

  /** Ends the claim of a deployment's first status. */
  void release(long deployment) throws SQLException {
    sql.update("update outbox set claimed_until = null where deployment_id = ?", deployment);
    refresh(deployment);
  }

  /** Brings the flows of a deployment's repository up to date. */
  void refresh(long deployment) throws SQLException {
    Optional<Entry> entry = entry(deployment);
    if (entry.isPresent()) {
      rotation().refresh(entry.get().repository());
    }
  }

  private Optional<Entry> entry(long deployment) throws SQLException {
    return sql.first(Entry::of, ENTRY + "deployment_id = ?", deployment);
  }

  /**
   * Locks the row of a deployment by a write that changes nothing, as SQLite knows no other way.
   */
  void lock(long deployment) throws SQLException {
    sql.update("update outbox set status_id = status_id where deployment_id = ?", deployment);
  }

  /** Brings the row of a deployment up to date after a change of its statuses. */
  void recount(long deployment) throws SQLException {
    Optional<Entry> entry = entry(deployment);
    if (entry.isPresent()) {
      recount(entry.get());
    }
  }

  private void recount(Entry entry) throws SQLException {
    Waiting waiting =
        sql.first(
                Waiting::of,
                """
                select coalesce(min(id), 0) as first, count(*) as waiting,
                  coalesce(max(case when state in ('queued', 'in_progress') then 0 else 1 end), 0)
                    as has_final,
                  coalesce(min(created_at), 0) as since
                from status
                where deployment_id = ? and posted_at is null and given_up_at is null
                """,
                entry.deployment())
            .orElseThrow();
    if (waiting.number() == 0) {
      sql.update("delete from outbox where deployment_id = ?", entry.deployment());
    } else {
      keep(entry, waiting);
    }
    sql.update(
        "update posting set waiting = waiting + ? where host = ?",
        waiting.number() - entry.waiting(),
        host);
    rotation().refresh(entry.repository());
  }

  /** If the first status has changed, it is due now and unclaimed. */
  private void keep(Entry entry, Waiting waiting) throws SQLException {
    sql.update(
        """
        update outbox set changed = 0, waiting = ?, has_final = ?, since = ?,
          due_at = case when status_id = ? or due_at < ? then due_at else ? end,
          claimed_until = case when status_id = ? then claimed_until end, status_id = ?
        where deployment_id = ?
        """,
        waiting.number(),
        waiting.hasFinal(),
        waiting.since(),
        waiting.first(),
        now,
        now,
        waiting.first(),
        waiting.first(),
        entry.deployment());
  }

  /**
   * Hands out the next status that is due, and marks it as being sent.
   *
   * @param isShort not all can leave soon: intermediate ones with anything behind them in their run
   *     are replaced by it
   */
  Optional<ClaimedStatus> claim(boolean isShort, long claimedUntil) throws SQLException {
    Optional<Long> deployment = rotation().nextDeployment();
    if (deployment.isEmpty()) {
      return Optional.empty();
    }
    lock(deployment.get());
    if (isShort) {
      replace(deployment.get());
    }
    recount(deployment.get());
    Optional<ClaimedStatus> first = first(deployment.get());
    return first.isPresent()
        ? Optional.of(markClaimed(first.get(), claimedUntil))
        : Optional.empty();
  }

  /** Replaces intermediate statuses that GitHub surely has not by the next one of their run. */
  private void replace(long deployment) throws SQLException {
    sql.update(
        """
        update status set given_up_at = ?, problem = null, replaced_by =
          (select min(o.id) from status o where o.deployment_id = status.deployment_id
            and o.run = status.run and o.id > status.id
            and o.posted_at is null and o.given_up_at is null)
        where deployment_id = ? and posted_at is null and given_up_at is null
          and in_doubt = 0 and state in ('queued', 'in_progress')
          and exists (select 1 from status o where o.deployment_id = status.deployment_id
            and o.run = status.run and o.id > status.id
            and o.posted_at is null and o.given_up_at is null)
        """,
        now,
        deployment);
  }

  /** The first status that waits, as its row is before it is claimed. */
  private Optional<ClaimedStatus> first(long deployment) throws SQLException {
    List<Long> known =
        sql.list(
            columns -> columns.number(1),
            "select github_id from status where deployment_id = ? and github_id is not null",
            deployment);
    return sql.first(
        columns -> claimed(columns, known),
        """
        select d.*, s.id as status_id, s.state as status_state,
          s.description as status_description, s.environment_url as status_url,
          s.created_at as status_created_at, s.fence, s.in_doubt,
          (select route from run where deployment_id = s.deployment_id and number = s.run) as route
        from outbox o join status s on s.id = o.status_id join deployment d on d.id = o.deployment_id
        where o.deployment_id = ?
        """,
        deployment);
  }

  private static ClaimedStatus claimed(Sql.Columns columns, List<Long> known) throws SQLException {
    StoredDeployment deployment = StoredDeployment.of(columns);
    return new ClaimedStatus(
        columns.number("status_id"),
        deployment,
        new Status(
            GithubState.of(columns.text("status_state")),
            columns.text("status_description"),
            columns.optionalUri("status_url")),
        columns.instant("status_created_at"),
        (int) columns.number("fence"),
        deployment.deployment().isWhole() && !Route.CHATOPS.equals(columns.optionalText("route")),
        columns.flag("in_doubt"),
        known);
  }

  private ClaimedStatus markClaimed(ClaimedStatus status, long until) throws SQLException {
    long fence =
        sql.updateReturning(
            "update status set fence = fence + 1, in_doubt = 1 where id = ? returning fence",
            status.id());
    sql.update(
        "update outbox set claimed_until = ? where deployment_id = ?",
        until,
        status.deployment().id());
    Optional<Entry> entry = entry(status.deployment().id());
    if (entry.isPresent()) {
      rotation().moveToBack(entry.get().repository());
    }
    return status.withFence((int) fence);
  }
}
