package dev.slipway.store;

import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The line of runs, and what is written down while one is worked on. */
public final class Runs {
  private static final String UNIQUE = "23505";

  private final Database database;
  private final Duration lease;
  private final LeaseClock clock;

  /**
   * @param lease how long a worker may be silent before its run is taken over
   */
  public Runs(Database database, Duration lease) {
    this(database, lease, LeaseClock.of(database));
  }

  Runs(Database database, Duration lease, LeaseClock clock) {
    this.database = database;
    this.lease = lease;
    this.clock = clock;
  }

  /** How long a worker may be silent before its run is taken over. */
  public Duration lease() {
    return lease;
  }

  /**
   * A run that was taken.
   *
   * @param facts what happened in it so far; empty unless somebody worked on it before
   * @param lastState the newest status of the deployment, posted or not
   */
  public record Taken(
      Lease lease,
      StoredDeployment deployment,
      StoredRun run,
      List<Fact> facts,
      @Nullable GithubState lastState) {}

  /**
   * Frees what a dead process was working on, if the database can have had no other process than
   * this one; call it before the first {@link #take}.
   *
   * @return how many runs were freed
   */
  public int freeOrphans() {
    return database.isExclusive()
        ? database.write(
            sql ->
                sql.update(
                    "update run set lease_until = ? where state = 'running'", Long.MIN_VALUE))
        : 0;
  }

  /**
   * Who takes runs.
   *
   * @param owner names the worker in the database
   * @param place where the commands are that it can see; null when it sees none
   */
  public record Taker(String owner, @Nullable String place) {}

  /** Takes a run for a worker that sees no commands. */
  public Optional<Taken> take(String owner, Instant now) {
    return take(new Taker(owner, null), now);
  }

  /**
   * Takes a run whose worker is gone, or the first of a line in which nothing runs; or one that
   * another holds in vain, since its command is in the place of this one.
   *
   * @param now when the run starts, if it does; the lease goes by a clock of its own
   */
  public Optional<Taken> take(Taker taker, Instant now) {
    try {
      return database.write(sql -> take(sql, taker, now));
    } catch (StoreException e) {
      // Another took the line between our look and our writing; its run is in the way until it ends
      if (e.getCause() instanceof SQLException cause && UNIQUE.equals(cause.getSQLState())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<Taken> take(Sql sql, Taker taker, Instant now) throws SQLException {
    long leasing = clock.millis(sql);
    Optional<StoredRun> candidate =
        sql.first(StoredRun::of, candidate(), leasing, taker.place(), taker.place());
    return candidate.isEmpty()
        ? Optional.empty()
        : Optional.of(take(sql, candidate.get(), new Taking(taker, leasing, now)));
  }

  private record Taking(Taker taker, long leasing, Instant now) {}

  private String candidate() {
    return """
        select r.* from run r
        where (r.state = 'running' and r.lease_until <= ?)
          or (r.state = 'running' and r.place = ? and coalesce(r.owner_place, '') <> ?)
          or (r.state = 'queued' and not exists (
            select 1 from run o where o.lock_key = r.lock_key
              and (o.state = 'running' or (o.state = 'queued' and o.id < r.id))))
        order by r.id limit 1
        """
        + (database.isExclusive() ? "" : "for update skip locked");
  }

  private Taken take(Sql sql, StoredRun run, Taking taking) throws SQLException {
    long fence =
        sql.number(
            """
            update run set state = 'running', owner = ?, owner_place = ?, lease_until = ?, fence = fence + 1,
              started_at = coalesce(started_at, ?)
            where id = ? returning fence
            """,
            taking.taker().owner(),
            taking.taker().place(),
            taking.leasing() + lease.toMillis(),
            taking.now(),
            run.id());
    StoredDeployment deployment =
        sql.first(StoredDeployment::of, "select * from deployment where id = ?", run.deploymentId())
            .orElseThrow();
    List<Fact> facts =
        sql.list(
            columns -> FactRow.of(columns).fact(),
            "select * from fact where run_id = ? order by number",
            run.id());
    GithubState lastState =
        sql.first(
                columns -> GithubState.valueOf(columns.text("state")),
                "select state from status where deployment_id = ? order by id desc limit 1",
                run.deploymentId())
            .orElse(null);
    return new Taken(
        new Lease(run.id(), run.deploymentId(), run.number(), taking.taker().owner(), fence),
        deployment,
        run,
        facts,
        lastState);
  }

  /** Renews the lease. */
  public void renew(Lease lease) throws LeaseLostException {
    fenced(lease, _ -> 0);
  }

  /** Gives the run back, so that whoever comes next need not wait for the lease to run out. */
  public void release(Lease held) {
    database.write(
        sql ->
            sql.update(
                "update run set lease_until = ? where id = ? and fence = ? and state = 'running'",
                Long.MIN_VALUE,
                held.runId(),
                held.fence()));
    database.bell().ring(Bell.LINE);
  }

  /** Writes down what happened, with the statuses that it causes, in one transaction. */
  public void record(Lease lease, List<Fact> facts, List<Status> statuses, Instant now)
      throws LeaseLostException {
    fenced(
        lease,
        sql -> {
          Rows.addFacts(sql, lease.runId(), facts);
          Places.keep(sql, lease.runId(), facts);
          for (Status status : statuses) {
            Rows.addStatus(sql, lease.deploymentId(), lease.run(), status, now);
          }
          return 0;
        });
    ring(lease, statuses.isEmpty() ? null : Bell.OUTBOX);
  }

  /**
   * Ends the run: its end and its final status in one transaction, which also frees the line and
   * tells those who wait in it where they are now.
   */
  public void settle(Lease lease, End end, Instant now) throws LeaseLostException {
    Optional<Set<Long>> moved =
        database.write(
            sql -> {
              Queue queue = Queue.hold(sql, lockKey(sql, lease), database.isExclusive());
              if (!isRenewed(sql, lease)) {
                return Optional.empty();
              }
              end(sql, lease, end, now);
              queue.tell(now);
              return Optional.of(queue.touched());
            });
    moved
        .orElseThrow(() -> new LeaseLostException(lease))
        .forEach(id -> database.bell().ring(Bell.deployment(id)));
    ring(lease, Bell.OUTBOX);
    database.bell().ring(Bell.LINE);
  }

  private static String lockKey(Sql sql, Lease lease) throws SQLException {
    return sql.first(
            columns -> columns.text("lock_key"),
            "select lock_key from run where id = ?",
            lease.runId())
        .orElseThrow();
  }

  private static void end(Sql sql, Lease lease, End end, Instant now) throws SQLException {
    sql.update(
        """
        update run set state = 'ended', ended_at = ?, owner = null, lease_until = null,
          end_word = ?, end_reason = ?, environment_url = ? where id = ?
        """,
        now,
        Ends.word(end),
        end.reason(),
        Ends.url(end),
        lease.runId());
    Rows.addStatus(sql, lease.deploymentId(), lease.run(), Status.of(end), now);
  }

  /** The runs of this worker that somebody asked to stop; their facts say for whom. */
  public List<Long> askedToStop(String owner) {
    return database.read(
        sql ->
            sql.list(
                columns -> columns.number(1),
                "select id from run where owner = ? and state = 'running'"
                    + " and stop_asked_at is not null",
                owner));
  }

  private void ring(Lease lease, @Nullable String topic) {
    database.bell().ring(Bell.deployment(lease.deploymentId()));
    if (topic != null) {
      database.bell().ring(topic);
    }
  }

  private interface Fenced {
    long on(Sql sql) throws SQLException;
  }

  private void fenced(Lease held, Fenced work) throws LeaseLostException {
    boolean kept =
        database.write(
            sql -> {
              boolean mine = isRenewed(sql, held);
              if (mine) {
                work.on(sql);
              }
              return mine;
            });
    if (!kept) {
      throw new LeaseLostException(held);
    }
  }

  private boolean isRenewed(Sql sql, Lease held) throws SQLException {
    return sql.update(
            "update run set lease_until = ? where id = ? and fence = ? and state = 'running'",
            clock.millis(sql) + lease.toMillis(),
            held.runId(),
            held.fence())
        == 1;
  }

  /** What happened in a run so far, oldest first. */
  public List<Fact> facts(long runId) {
    return database.read(
        sql ->
            sql.list(
                columns -> FactRow.of(columns).fact(),
                "select * from fact where run_id = ? order by number",
                runId));
  }
}
