package dev.slipway.store;

import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.FreezeCalendar;
import dev.slipway.model.GithubState;
import dev.slipway.model.Hold;
import dev.slipway.model.Route;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leases runs to workers, and records what happens in them. */
public final class Runs {
  /** The time for which a run that this version cannot read is left to others. */
  private static final Duration LEFT_UNREAD = Duration.ofMinutes(5);

  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  private final Database database;
  private final Duration lease;
  private final LeaseClock clock;
  private final Holds holds;
  // Taken in transactions of which nobody knows whether they are on disk
  private final java.util.Queue<PendingHandovers.Pending> doubtful = new ConcurrentLinkedQueue<>();
  private final AtomicLong takings = new AtomicLong();

  /**
   * @param lease how long a worker may be silent before its run is taken over
   */
  public Runs(Database database, Duration lease) {
    this(database, lease, FreezeCalendar.NONE);
  }

  /**
   * @param lease how long a worker may be silent before its run is taken over
   * @param calendar when no run of a route starts
   */
  public Runs(Database database, Duration lease, FreezeCalendar calendar) {
    this(database, lease, LeaseClock.of(database), calendar);
  }

  Runs(Database database, Duration lease, LeaseClock clock) {
    this(database, lease, clock, FreezeCalendar.NONE);
  }

  private Runs(Database database, Duration lease, LeaseClock clock, FreezeCalendar calendar) {
    this.database = database;
    this.lease = lease;
    this.clock = clock;
    this.holds = new Holds(calendar);
  }

  /** The time for which a worker may be silent before its run is taken over. */
  public Duration lease() {
    return lease;
  }

  /**
   * Frees what a dead process was working on, if the database can have had no other process than
   * this one; call it before the first {@link #acquire}.
   *
   * @return how many runs were freed
   */
  public int freeOrphans() {
    return database.isExclusive()
        ? database.write(
            sql ->
                sql.update(
                    "update run set lease_until = ? where state = 'running' and lease_until > ?",
                    Long.MIN_VALUE,
                    Long.MIN_VALUE))
        : 0;
  }

  /**
   * Leases runs: those whose worker is gone, the first of each queue in which nothing runs, and
   * those that another holds in vain, since their commands are in the place of this worker. It is
   * one transaction, which is not begun when there is none to take. A worker never gets a run that
   * goes on and is its own.
   *
   * @param now when the runs start, if they do; leases go by a clock of their own
   * @param limit how many at the most
   */
  public List<LeasedRun> acquire(LeaseOwner taker, Instant now, int limit) {
    releaseDoubtful();
    while (database.read(sql -> isAnyToTake(sql, taker, now))) {
      Acquired acquired = acquireSome(taker, now, limit);
      acquired.held().forEach(this::signalHeld);
      // Where all those that were looked at are held, others that are not may stand behind them
      if (!acquired.runs().isEmpty() || acquired.held().isEmpty()) {
        return acquired.runs();
      }
    }
    return List.of();
  }

  private Acquired acquireSome(LeaseOwner taker, Instant now, int limit) {
    PendingHandovers handing = new PendingHandovers();
    try {
      return database.write(sql -> acquire(sql, leaseTransaction(sql, taker, now, handing), limit));
    } catch (StoreException e) {
      doubtful.addAll(handing.close());
      throw e;
    }
  }

  /**
   * What one transaction found.
   *
   * @param held queues whose heads may not start now
   */
  private record Acquired(List<LeasedRun> runs, List<RunQueue> held) {}

  private void signalHeld(RunQueue queue) {
    queue
        .changedDeployments()
        .forEach(id -> database.notifier().signal(CommitNotifier.deployment(id)));
    if (queue.hasNewStatus()) {
      database.notifier().signal(CommitNotifier.OUTBOX);
    }
  }

  /**
   * From now on a run that this process adds to an empty queue is leased in the same commit, and
   * handed to the receiver right after it.
   */
  public void register(LeaseOwner taker, RunReceiver receiver) {
    database
        .handover()
        .register(
            new Handover.LeaseTaker() {
              @Override
              public Optional<HandedOverRun> take(
                  Sql sql,
                  RunQueue queue,
                  Optional<NewDeployment> created,
                  Instant now,
                  PendingHandovers handing)
                  throws SQLException {
                // While the database fails each delivery would leave one more in doubt
                if (!receiver.isOpen() || !doubtful.isEmpty()) {
                  return Optional.empty();
                }
                Optional<LeasedRun> taken =
                    Runs.this.leaseHead(
                        sql, queue, created, leaseTransaction(sql, taker, now, handing));
                return taken.isPresent()
                    ? Optional.of(intend(sql, taken.get(), created.isPresent(), receiver, handing))
                    : Optional.empty();
              }

              @Override
              public void begin(HandedOverRun run) {
                receiver.start(run.taken(), run.intent());
              }

              @Override
              public void giveBack(List<PendingHandovers.Pending> handed) {
                handed.forEach(one -> receiver.abandon(one.lease()));
                doubtful.addAll(handed);
              }
            });
  }

  private static HandedOverRun intend(
      Sql sql, LeasedRun taken, boolean isNew, RunReceiver receiver, PendingHandovers handing)
      throws SQLException {
    Optional<StartIntent> intent = receiver.intend(taken);
    if (intent.isEmpty()) {
      return new HandedOverRun(taken, intent);
    }
    try {
      handing.intended(intent.get());
    } catch (SQLException e) {
      // Whoever gave up may have told the receiver before it intended anything
      receiver.abandon(taken.lease());
      throw e;
    }
    List<Fact> facts = List.of(intent.get().fact());
    addFacts(sql, taken.lease(), facts);
    String lines = intent.get().lines();
    if (isNew && !lines.isEmpty()) {
      LogChunks.begin(sql, taken.lease().deploymentId(), lines);
    } else {
      append(sql, taken.lease(), lines);
    }
    return new HandedOverRun(
        new LeasedRun(taken.lease(), taken.deployment(), taken.run(), facts, taken.lastState()),
        intent);
  }

  private static void append(Sql sql, Lease lease, String lines) throws SQLException {
    if (!lines.isEmpty()) {
      long _ = LogChunks.append(sql, lease.deploymentId(), lines);
    }
  }

  private static void addFacts(Sql sql, Lease lease, List<Fact> facts) throws SQLException {
    if (facts.isEmpty()) {
      return;
    }
    SharedStatements.addFacts(sql, lease.runId(), facts);
    HostAffinity.record(sql, lease.runId(), facts);
  }

  /**
   * A transaction that is said to have failed may be on disk all the same. Then runs are ours that
   * nobody works on, and as our own they would never be taken: so they are given back. It may even
   * be on its way to the disk still, which shows only when the row can be locked.
   */
  private void releaseDoubtful() {
    for (PendingHandovers.Pending one = doubtful.poll(); one != null; one = doubtful.poll()) {
      try {
        free(one);
      } catch (StoreException e) {
        doubtful.add(one);
        throw e;
      }
    }
  }

  private void free(PendingHandovers.Pending doubted) {
    Lease lease = doubted.lease();
    int _ =
        database.write(
            sql -> {
              // A row that was not there before can only be locked when it is; its queue always
              RunQueue queue = RunQueue.lock(sql, doubted.queueKey(), new CounterChanges());
              if (sql.dialect().hasConcurrentWrites()) {
                long _ = sql.number("select id from run where id = ? for update", lease.runId());
              }
              int freed = free(sql, lease, doubted.intent());
              queue.save();
              return freed;
            });
  }

  /** Ends a lease; an intent that was never acted on must not look as if it was. */
  private static int free(Sql sql, Lease lease, Optional<StartIntent> intent) throws SQLException {
    int freed =
        sql.update(
            "update run set owner = null, lease_until = ?"
                + " where id = ? and fence = ? and owner = ? and state = 'running'",
            Long.MIN_VALUE,
            lease.runId(),
            lease.fence(),
            lease.owner());
    if (freed == 1 && intent.isPresent()) {
      addFacts(sql, lease, List.of(intent.get().withdrawal()));
    }
    return freed;
  }

  private boolean isAnyToTake(Sql sql, LeaseOwner taker, Instant now) throws SQLException {
    return !startableQueues(sql, now, 1, "").isEmpty()
        || !abandonedRuns(sql, taker, clock.millis(sql), 1, "").isEmpty()
        || !runsOfThisHost(sql, taker, 1, "").isEmpty();
  }

  private Acquired acquire(Sql sql, LeaseTransaction taking, int limit) throws SQLException {
    String lock = sql.dialect().forUpdateSkipLocked();
    LeaseOwner taker = taking.taker();
    List<LeasedRun> taken = new ArrayList<>();
    List<RunQueue> held = new ArrayList<>();
    for (StoredRun run : abandonedRuns(sql, taker, taking.leaseNow(), limit, lock)) {
      resume(sql, run, taking).ifPresent(taken::add);
    }
    for (StoredRun run : runsOfThisHost(sql, taker, limit - taken.size(), lock)) {
      resume(sql, run, taking).ifPresent(taken::add);
    }
    for (String queueKey : startableQueues(sql, taking.now(), limit - taken.size(), lock)) {
      RunQueue queue = RunQueue.read(sql, queueKey, taking.counts());
      Optional<Hold> hold = holds.find(sql, queue.head(), taking.now());
      if (hold.isPresent()) {
        queue.holdHead(hold.get(), taking.now());
        held.add(queue);
      } else {
        leaseHead(sql, queue, Optional.empty(), taking).ifPresent(taken::add);
      }
      queue.save();
    }
    taking.counts().write(sql);
    return new Acquired(taken, held);
  }

  /**
   * One transaction that takes.
   *
   * @param number that no other has in this process
   */
  private record LeaseTransaction(
      LeaseOwner taker,
      long leaseNow,
      Instant now,
      PendingHandovers handing,
      long number,
      CounterChanges counts) {}

  private LeaseTransaction leaseTransaction(
      Sql sql, LeaseOwner taker, Instant now, PendingHandovers handing) throws SQLException {
    return new LeaseTransaction(
        taker, clock.millis(sql), now, handing, takings.incrementAndGet(), new CounterChanges());
  }

  /** Runs whose workers are gone. */
  private static List<StoredRun> abandonedRuns(
      Sql sql, LeaseOwner taker, long leasing, int limit, String lock) throws SQLException {
    return sql.list(
        StoredRun::of,
        "select * from run where state = 'running' and lease_until <= ?"
            + " and (owner is null or owner <> ?) order by lease_until, id limit ?"
            + lock,
        leasing,
        taker.name(),
        limit);
  }

  /** Runs that others hold in vain, since their commands are where this worker is. */
  private static List<StoredRun> runsOfThisHost(Sql sql, LeaseOwner taker, int limit, String lock)
      throws SQLException {
    return taker.host() == null
        ? List.of()
        : sql.list(
            StoredRun::of,
            "select * from run where state = 'running' and command_host = ? and command_host is not"
                + " null and (owner_host is null or owner_host <> command_host) and unreadable_at"
                + " is null order by id limit ?"
                + lock,
            taker.host(),
            limit);
  }

  /**
   * The keys of queues in which a run waits and none is running, but for those whose head was found
   * to be held.
   */
  private static List<String> startableQueues(Sql sql, Instant now, int limit, String lock)
      throws SQLException {
    return sql.list(
        columns -> columns.text("queue_key"),
        "select queue_key from queue where running_run_id is null and head_run_id is not null"
            + " and held_until <= ? order by held_until, head_run_id limit ?"
            + lock,
        now,
        limit);
  }

  private Optional<LeasedRun> leaseHead(
      Sql sql, RunQueue queue, Optional<NewDeployment> created, LeaseTransaction taking)
      throws SQLException {
    Leased leased = lease(sql, queue.head(), created.isPresent() ? LEASE_NEW : LEASE, taking);
    Optional<LeasedRun> taken =
        created.isPresent()
            ? Optional.of(leased.with(created.get()))
            : readLeased(sql, leased, taking);
    queue.startHead();
    return taken;
  }

  private Optional<LeasedRun> resume(Sql sql, StoredRun run, LeaseTransaction taking)
      throws SQLException {
    taking.counts().add(CounterKind.RETAKEN, 1);
    return readLeased(sql, lease(sql, run.id(), LEASE, taking), taking);
  }

  private static final String LEASE =
      leaseStatement(
          "(select start + size from log_chunk where deployment_id = run.deployment_id"
              + " order by start desc limit 1), 0");

  /** The same of a deployment that is new, whose log is empty. */
  private static final String LEASE_NEW = leaseStatement("0");

  /**
   * @param endOfLog where the log of a run begins that begins now
   */
  private static String leaseStatement(String endOfLog) {
    return """
    update run set state = 'running', owner = ?, owner_host = ?, lease_until = ?,
      fence = fence + ?, started_at = coalesce(started_at, ?),
      log_start = coalesce(log_start, %s), unreadable_at = null
    where id = ? returning *
    """
        .formatted(endOfLog);
  }

  /** A run with the lease on it. */
  private record Leased(StoredRun run, Lease lease) {
    static Leased of(Sql.Columns columns) throws SQLException {
      StoredRun run = StoredRun.of(columns);
      return new Leased(
          run,
          new Lease(
              run.id(),
              run.deploymentId(),
              run.number(),
              columns.text("owner"),
              columns.number("fence")));
    }

    /** Of a deployment that was made just now; nothing has happened in its run yet. */
    LeasedRun with(NewDeployment known) {
      return new LeasedRun(lease, known.deployment(), run, List.of(), known.lastState());
    }
  }

  /**
   * SQLite gives the id of a run that was undone to the next one, and a lease in doubt must not
   * pass for a lease of that: so the fence leaps by a number that is used once.
   */
  private Leased lease(Sql sql, long runId, String statement, LeaseTransaction taking)
      throws SQLException {
    Leased leased =
        sql.first(
                Leased::of,
                statement,
                taking.taker().name(),
                taking.taker().host(),
                taking.leaseNow() + lease.toMillis(),
                taking.number(),
                taking.now(),
                runId)
            .orElseThrow();
    taking.handing().add(leased.lease(), leased.run().queueKey());
    return leased;
  }

  /** One run that cannot be read must not keep all others from being taken. */
  private Optional<LeasedRun> readLeased(Sql sql, Leased leased, LeaseTransaction taking)
      throws SQLException {
    StoredRun run = leased.run();
    try {
      return Optional.of(read(sql, run, leased.lease()));
    } catch (RuntimeException unreadable) {
      LOG.error(
          "Run {} cannot be read and keeps its place in the queue; was it written by a newer"
              + " Slipway? {}",
          run.id(),
          unreadable.getMessage());
      sql.update(
          "update run set owner = null, lease_until = ?, unreadable_at = ? where id = ?",
          taking.leaseNow() + LEFT_UNREAD.toMillis(),
          taking.now(),
          run.id());
      return Optional.empty();
    }
  }

  private static LeasedRun read(Sql sql, StoredRun run, Lease held) throws SQLException {
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
                columns -> GithubState.of(columns.text("state")),
                "select state from status where deployment_id = ? order by id desc limit 1",
                run.deploymentId())
            .orElse(null);
    return new LeasedRun(held, deployment, run, facts, lastState);
  }

  /** Renews the lease by writing it, and so tells whether the database can be written. */
  public void renew(Lease held) throws LeaseLostException {
    keptOrThrow(held, database.write(sql -> isRenewed(sql, held)));
  }

  /** Renews the lease; where nobody else can have the run there is nothing to ask. */
  public void confirm(Lease held) throws LeaseLostException {
    if (!database.isExclusive()) {
      renew(held);
    }
  }

  private record Held(long runId, long fence) {}

  /**
   * Renews the leases of all that a worker has, in one statement; where nobody else can have a run
   * there is nothing to renew. A run whose row is being written is passed over: each write renews.
   *
   * @param stuck runs whose leases are left to run out
   * @return those of {@code held} that the worker has lost
   */
  public List<Lease> renewAll(String owner, Collection<Lease> held, Collection<Long> stuck) {
    if (database.isExclusive() || held.isEmpty()) {
      return List.of();
    }
    int _ = database.write(sql -> renewAll(sql, owner, stuck));
    Set<Held> kept = Set.copyOf(database.read(sql -> heldBy(sql, owner)));
    return held.stream()
        .filter(lease -> !kept.contains(new Held(lease.runId(), lease.fence())))
        .toList();
  }

  private int renewAll(Sql sql, String owner, Collection<Long> stuck) throws SQLException {
    List<Object> values = new ArrayList<>();
    values.add(clock.millis(sql) + lease.toMillis());
    values.add(owner);
    values.addAll(stuck);
    return sql.update(
        "update run set lease_until = ? where id in"
            + " (select id from run where owner = ? and state = 'running'"
            + exceptFor(stuck)
            + sql.dialect().forUpdateSkipLocked()
            + ")",
        values.toArray());
  }

  private static List<Held> heldBy(Sql sql, String owner) throws SQLException {
    return sql.list(
        columns -> new Held(columns.number("id"), columns.number("fence")),
        "select id, fence from run where owner = ? and state = 'running'",
        owner);
  }

  private static String exceptFor(Collection<Long> ids) {
    return ids.isEmpty()
        ? ""
        : " and id not in (" + String.join(", ", Collections.nCopies(ids.size(), "?")) + ")";
  }

  /** Gives the run back, so that whoever comes next need not wait for the lease to run out. */
  public void release(Lease held) {
    int freed =
        database.write(
            sql ->
                sql.update(
                    "update run set owner = null, lease_until = ?"
                        + " where id = ? and fence = ? and state = 'running'",
                    Long.MIN_VALUE,
                    held.runId(),
                    held.fence()));
    ringIfAny(freed);
  }

  /** Gives back a run that was handed over and never begun. */
  public void withdraw(Lease held, Optional<StartIntent> intent) {
    ringIfAny(database.write(sql -> free(sql, held, intent)));
  }

  /**
   * Gives all runs of a worker back, in one statement.
   *
   * @param kept runs that it goes on to work on
   */
  public void releaseAll(String owner, Collection<Long> kept) {
    List<Object> values = new ArrayList<>();
    values.add(Long.MIN_VALUE);
    values.add(owner);
    values.addAll(kept);
    int freed =
        database.write(
            sql ->
                sql.update(
                    "update run set owner = null, lease_until = ?"
                        + " where owner = ? and state = 'running'"
                        + exceptFor(kept),
                    values.toArray()));
    ringIfAny(freed);
  }

  private void ringIfAny(int freed) {
    if (freed > 0) {
      database.notifier().signal(CommitNotifier.QUEUE);
    }
  }

  /**
   * Writes down what happened, with the statuses that it causes and the lines that the log has
   * about it, in one transaction.
   */
  public void record(
      Lease lease, List<Fact> facts, List<Status> statuses, String lines, Instant now)
      throws LeaseLostException {
    fenced(lease, sql -> write(sql, lease, facts, statuses, lines, now));
    ring(lease, statuses.isEmpty() ? null : CommitNotifier.OUTBOX);
  }

  /**
   * Does the same with facts that end with an intent to start something, unless a lock or a freeze
   * window holds the run. A lock that is placed later finds the intent written.
   *
   * @return what holds the run; then nothing was written
   */
  public Optional<Hold> recordIntent(
      Lease lease, List<Fact> facts, List<Status> statuses, String lines, Instant now)
      throws LeaseLostException {
    AtomicReference<Optional<Hold>> found = new AtomicReference<>(Optional.empty());
    fenced(
        lease,
        sql -> {
          EnvironmentLocks.keepOthersFromPlacing(sql);
          Optional<Hold> hold = holds.find(sql, lease.runId(), now);
          found.set(hold);
          if (hold.isEmpty()) {
            write(sql, lease, facts, statuses, lines, now);
          }
        });
    if (found.get().isEmpty()) {
      ring(lease, statuses.isEmpty() ? null : CommitNotifier.OUTBOX);
    }
    return found.get();
  }

  /**
   * Gives the run back to the head of its queue, where it waits for what holds it and is told so;
   * not while nothing holds it, or somebody wants it to stop.
   *
   * @param at the time of the run's facts
   * @return whether it waits
   */
  public boolean requeue(Lease lease, Instant at, String lines, Instant now)
      throws LeaseLostException {
    AtomicBoolean isHeld = new AtomicBoolean();
    Optional<RunQueue> held =
        database.write(
            sql -> {
              CounterChanges counts = new CounterChanges();
              RunQueue queue = RunQueue.lock(sql, queueKey(sql, lease), counts);
              boolean isMine = isMine(sql, lease);
              Optional<Hold> hold = isMine ? holds.find(sql, lease.runId(), now) : Optional.empty();
              isHeld.set(hold.isPresent() && isRequeued(sql, lease));
              if (isHeld.get()) {
                addFacts(sql, lease, List.of(new Fact.Held(at, hold.orElseThrow().text())));
                append(sql, lease, lines);
                queue.requeueRunning();
                queue.holdHead(hold.orElseThrow(), now);
                queue.updateStatuses(now);
              }
              queue.save();
              counts.write(sql);
              return isMine ? Optional.of(queue) : Optional.empty();
            });
    signalHeld(held.orElseThrow(() -> new LeaseLostException(lease)));
    if (isHeld.get()) {
      ring(lease, CommitNotifier.OUTBOX);
    }
    return isHeld.get();
  }

  private static boolean isRequeued(Sql sql, Lease lease) throws SQLException {
    return sql.update(
            "update run set state = 'queued', owner = null, lease_until = null, started_at = null"
                + " where id = ? and stop_requested_at is null",
            lease.runId())
        == 1;
  }

  /**
   * Ends the run: the last of its facts and of the lines of its log, its end and its final status
   * in one transaction, which also frees the queue and gives the runs that wait in it their
   * positions.
   */
  public void settle(Lease lease, List<Fact> facts, End end, String lines, Instant now)
      throws LeaseLostException {
    Optional<RunQueue> left =
        database.write(
            sql -> {
              CounterChanges counts = new CounterChanges();
              RunQueue queue = RunQueue.lock(sql, queueKey(sql, lease), counts);
              if (!isMine(sql, lease)) {
                queue.save();
                return Optional.empty();
              }
              addFacts(sql, lease, facts);
              append(sql, lease, lines);
              end(sql, lease, end, now);
              counts.add(CounterKind.END, "", end.kind().code(), 1);
              queue.endRunning();
              queue.updateStatuses(now);
              queue.save();
              counts.write(sql);
              return Optional.of(queue);
            });
    RunQueue queue = left.orElseThrow(() -> new LeaseLostException(lease));
    queue
        .changedDeployments()
        .forEach(id -> database.notifier().signal(CommitNotifier.deployment(id)));
    ring(lease, CommitNotifier.OUTBOX);
    if (queue.hasRunToTake()) {
      database.notifier().signal(CommitNotifier.QUEUE);
    }
  }

  private static String queueKey(Sql sql, Lease lease) throws SQLException {
    return sql.first(
            columns -> columns.text("queue_key"),
            "select queue_key from run where id = ?",
            lease.runId())
        .orElseThrow();
  }

  private static void end(Sql sql, Lease lease, End end, Instant now) throws SQLException {
    sql.update(
        """
        update run set state = 'ended', ended_at = ?, owner = null, lease_until = null,
          end_kind = ?, end_reason = ?, environment_url = ? where id = ?
        """,
        now,
        end.kind().code(),
        end.reason(),
        end.environmentUrl(),
        lease.runId());
    if (end instanceof End.Succeeded) {
      // The sum keeps SQLite from planning it anew for each value: 58 µs, and 9 with it
      sql.update(
          """
          insert into live_commit (host, repository_key, environment_key, deployment_id, sha)
            select e.host, e.repository_key, e.environment_key, d.id, d.sha
              from deployment d join environment_task e on e.id = d.environment_task_id
              where d.id = ? + 0 and (e.task not like '%:%' or e.task like '%:rollback')
                and (select route from run where id = ?) <> ?
          on conflict (host, repository_key, environment_key)
            do update set deployment_id = excluded.deployment_id, sha = excluded.sha
          """,
          lease.deploymentId(), lease.runId(), Route.CHATOPS);
    }
    SharedStatements.addStatus(sql, lease.deploymentId(), lease.run(), Status.of(end), now);
    if (end instanceof End.Destroyed destroyed) {
      StandingEnvironments.recordDestroyed(sql, lease, destroyed, now);
    }
  }

  /** The runs of this worker that somebody asked to stop; their facts say for whom. */
  public List<Long> stopRequests(String owner) {
    return database.read(
        sql ->
            sql.list(
                columns -> columns.number(1),
                "select id from run where owner = ? and state = 'running'"
                    + " and stop_requested_at is not null",
                owner));
  }

  private void ring(Lease lease, @Nullable String topic) {
    database.notifier().signal(CommitNotifier.deployment(lease.deploymentId()));
    if (topic != null) {
      database.notifier().signal(topic);
    }
  }

  private static void write(
      Sql sql, Lease lease, List<Fact> facts, List<Status> statuses, String lines, Instant now)
      throws SQLException {
    addFacts(sql, lease, facts);
    for (Status status : statuses) {
      SharedStatements.addStatus(sql, lease.deploymentId(), lease.run(), status, now);
    }
    append(sql, lease, lines);
  }

  private interface Fenced {
    void on(Sql sql) throws SQLException;
  }

  private void fenced(Lease held, Fenced work) throws LeaseLostException {
    keptOrThrow(
        held,
        database.write(
            sql -> {
              boolean mine = isMine(sql, held);
              if (mine) {
                work.on(sql);
              }
              return mine;
            }));
  }

  private static void keptOrThrow(Lease held, boolean kept) throws LeaseLostException {
    if (!kept) {
      throw new LeaseLostException(held);
    }
  }

  /**
   * Locks the run's row and checks the lease. A write also renews it, but where nobody else can
   * have the run there is nothing to renew.
   */
  private boolean isMine(Sql sql, Lease held) throws SQLException {
    return database.isExclusive() ? LeaseFence.isHeld(sql, held) : isRenewed(sql, held);
  }

  private boolean isRenewed(Sql sql, Lease held) throws SQLException {
    return sql.update(
            "update run set lease_until = ? where id = ? and fence = ? and state = 'running'",
            clock.millis(sql) + lease.toMillis(),
            held.runId(),
            held.fence())
        == 1;
  }

  /**
   * Whether a provider's deploy is another run's than this one of the deployment.
   *
   * @param id the provider's own id of the deploy
   */
  public boolean isAcceptedByAnother(long deploymentId, int run, String id) {
    return database.read(
        sql ->
            sql.number(
                    """
                    select count(*) from fact f join run r on r.id = f.run_id
                    where f.code = 'accepted' and f.ref = ?
                      and not (r.deployment_id = ? and r.number = ?)
                    """,
                    id,
                    deploymentId,
                    run)
                > 0);
  }

  /** The facts of a run, oldest first. */
  public List<Fact> facts(long runId) {
    return database.read(
        sql ->
            sql.list(
                columns -> FactRow.of(columns).fact(),
                "select * from fact where run_id = ? order by number",
                runId));
  }
}
