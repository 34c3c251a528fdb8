package dev.slipway.store;

import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.Hold;
import dev.slipway.model.LogFormat;
import dev.slipway.model.QueueMember;
import dev.slipway.model.QueuePosition;
import dev.slipway.model.Route;
import dev.slipway.model.RunFacts;
import dev.slipway.model.RunPurpose;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The runs with one queue key, within a transaction that has the lock on them. Every operation
 * costs the same however many wait.
 */
public final class RunQueue {
  /** The most runs that one transaction ends. */
  static final int REPLACED_AT_ONCE = 100;

  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private static final String MEMBER =
      """
      select r.id as run_id, r.number, d.id, d.github_id, d.repository, d.environment
      from run r join deployment d on d.id = r.deployment_id
      """;

  private final Sql sql;
  private final String queueKey;
  private final CounterChanges counts;
  private final Set<Long> changedDeployments = new TreeSet<>();
  private final Optional<State> before;
  private State state;
  private boolean hasNewStatus;
  private @Nullable Joined enqueued;
  private @Nullable Rest rest;

  /**
   * @param heldUntil until when the head is not looked at, as it was found to be held; 0 if not
   */
  private record State(@Nullable Long running, @Nullable Long head, long waiting, long heldUntil) {
    static final State EMPTY = new State(null, null, 0, 0);

    static State of(Sql.Columns columns) throws SQLException {
      return new State(
          columns.optionalNumber("running_run_id"),
          columns.optionalNumber("head_run_id"),
          columns.number("waiting"),
          columns.number("held_until"));
    }

    /** Another state of the queue; only the same head that still waits for nobody stays held. */
    State with(@Nullable Long nextRunning, @Nullable Long nextHead, long nextWaiting) {
      boolean stays = nextRunning == null && Objects.equals(head, nextHead);
      return new State(nextRunning, nextHead, nextWaiting, stays ? heldUntil : 0);
    }

    State heldUntil(long millis) {
      return new State(running, head, waiting, millis);
    }

    boolean isEmpty() {
      return running == null && waiting == 0;
    }
  }

  /**
   * A replacement that goes on in another transaction.
   *
   * @param end of each run that is replaced
   * @param beforeRun only runs that were added before this one are replaced
   */
  record Rest(QueueEntry entry, End end, Instant at, long beforeRun) {}

  /** The run that joined last. */
  record Joined(long runId, long deploymentId, Instant at) {}

  /**
   * @param before the queue's row, if it has one
   */
  private RunQueue(Sql sql, String queueKey, CounterChanges counts, Optional<State> before) {
    this.sql = sql;
    this.queueKey = queueKey;
    this.counts = counts;
    this.before = before;
    this.state = before.orElse(State.EMPTY);
  }

  /**
   * Locks the queue until the transaction ends, on PostgreSQL by a write that changes nothing. A
   * transaction that needs rows of runs as well locks the queue first, or two could wait for each
   * other.
   */
  static RunQueue lock(Sql sql, String queueKey, CounterChanges counts) throws SQLException {
    return sql.dialect().hasConcurrentWrites()
        ? new RunQueue(
            sql,
            queueKey,
            counts,
            sql.first(
                State::of,
                """
                insert into queue (queue_key, waiting) values (?, 0)
                  on conflict (queue_key) do update set waiting = queue.waiting
                  returning running_run_id, head_run_id, waiting, held_until
                """,
                queueKey))
        : read(sql, queueKey, counts);
  }

  /** The queue, which the caller has locked. */
  static RunQueue read(Sql sql, String queueKey, CounterChanges counts) throws SQLException {
    return new RunQueue(
        sql,
        queueKey,
        counts,
        sql.first(
            State::of,
            "select running_run_id, head_run_id, waiting, held_until from queue"
                + " where queue_key = ?",
            queueKey));
  }

  /** Writes the row; an empty queue has none. */
  void save() throws SQLException {
    if (state.isEmpty()) {
      if (before.isPresent()) {
        sql.update("delete from queue where queue_key = ?", queueKey);
      }
    } else if (before.isEmpty()) {
      write(
          "insert into queue (running_run_id, head_run_id, waiting, held_until, queue_key)"
              + " values (?, ?, ?, ?, ?)");
    } else if (!before.get().equals(state)) {
      write(
          "update queue set running_run_id = ?, head_run_id = ?, waiting = ?, held_until = ?"
              + " where queue_key = ?");
    }
  }

  private void write(String statement) throws SQLException {
    sql.update(
        statement, state.running(), state.head(), state.waiting(), state.heldUntil(), queueKey);
  }

  private static QueueMember member(Sql.Columns columns) throws SQLException {
    return new QueueMember(
        columns.number("run_id"),
        columns.number("id"),
        (int) columns.number("number"),
        columns.optionalNumber("github_id"),
        columns.text("repository"),
        columns.text("environment"));
  }

  private Optional<QueueMember> member(@Nullable Long runId) throws SQLException {
    return runId == null
        ? Optional.empty()
        : sql.first(RunQueue::member, MEMBER + "where r.id = ?", runId);
  }

  /** Those that a new deployment would find: the one that runs, and as many that wait. */
  private List<QueueMember> front(int waiting) throws SQLException {
    List<QueueMember> front = new ArrayList<>();
    member(state.running()).ifPresent(front::add);
    if (state.waiting() > 0) {
      front.addAll(
          sql.list(
              RunQueue::member,
              MEMBER + "where r.queue_key = ? and r.state = 'queued' order by r.id limit ?",
              queueKey,
              waiting));
    }
    return front;
  }

  /** The run that others wait for: the one that runs, or else the first that waits. */
  public Optional<QueueMember> runningOrHead() {
    return StoreException.unchecked(
        () -> member(state.running() == null ? state.head() : state.running()));
  }

  /** Adds a run of the deployment at the end. */
  public QueuePosition enqueue(QueueEntry entry, Route route, Instant now) {
    return StoreException.unchecked(
        () -> {
          long ahead = state.waiting() + (state.running() == null ? 0 : 1);
          QueuePosition position = QueuePosition.behind(ahead, runningOrHead(), entry.deployment());
          long runId = add(entry, route, now);
          Long head = state.head();
          state = state.with(state.running(), head == null ? runId : head, state.waiting() + 1);
          counts.add(CounterKind.QUEUED, 1);
          enqueued = new Joined(runId, entry.deploymentId(), now);
          Long githubId = entry.deployment().githubId();
          if (githubId != null) {
            EnvironmentTask.recordNewest(sql, entry.deploymentId(), githubId);
          }
          StandingEnvironments.recordDeployment(sql, entry);
          Rest left = rest;
          if (left != null) {
            rest = new Rest(entry, left.end(), left.at(), runId);
          }
          return position;
        });
  }

  private long environmentTask(QueueEntry entry) throws SQLException {
    return sql.number(
        "select environment_task_id from deployment where id = ?", entry.deploymentId());
  }

  private long add(QueueEntry entry, Route route, Instant now) throws SQLException {
    if (entry.runNumber() > 1) {
      sql.update(
          "update deployment set log_removed_at = null where id = ? and log_removed_at is not null",
          entry.deploymentId());
    }
    return sql.updateReturning(
        """
        insert into run (deployment_id, number, route, chain, purpose, purpose_reason, queue_key,
          environment_task_id, state, queued_at, fence)
        values (?, ?, ?, ?, ?, ?, ?, (select environment_task_id from deployment where id = ?),
          'queued', ?, 0)
        returning id
        """,
        entry.deploymentId(),
        entry.runNumber(),
        route.name(),
        String.join(",", route.chain(entry.purpose())),
        entry.purpose().code(),
        entry.purpose() instanceof RunPurpose.Destroy destroy ? destroy.reason() : null,
        queueKey,
        entry.deploymentId(),
        now);
  }

  /** Adds a run that never waits, with its end and its only status. */
  public void reject(QueueEntry entry, Route route, End end, Instant now) {
    StoreException.unchecked(
        () -> {
          long runId = add(entry, route, now);
          End _ = end(runId, entry.deploymentId(), entry.runNumber(), end, now);
          return runId;
        });
  }

  /**
   * Ends the older ones of the same environment and task that wait. Of very many only some end in
   * this transaction, the others in transactions right behind it.
   *
   * @param end of each of them
   * @return those that ended
   */
  public List<QueueMember> replaceWaiting(QueueEntry entry, End end, Instant now) {
    return StoreException.unchecked(
        () -> replaceWaiting(new Rest(entry, end, now, Long.MAX_VALUE)));
  }

  /**
   * Ends those of the environment that wait, whatever their task; of very many only some.
   *
   * @param end of each of them
   */
  public void endWaitingOf(Deployment environment, End end, Instant now) {
    StoreException.unchecked(
        () -> {
          List<QueueMember> waiting =
              sql.list(
                  RunQueue::member,
                  MEMBER
                      + """
                      join environment_task e on e.id = r.environment_task_id
                      where e.host = ? and e.repository_key = ? and e.environment_key = ?
                        and r.queue_key = ? and r.state = 'queued'
                      order by r.id limit ?
                      """,
                  environment.repository().host(),
                  EnvironmentTask.key(environment.repository()),
                  EnvironmentTask.key(environment.environment()),
                  queueKey,
                  REPLACED_AT_ONCE);
          for (QueueMember member : waiting) {
            End _ = end(member.runId(), member.deploymentId(), member.runNumber(), end, now);
          }
          if (!waiting.isEmpty()) {
            counts.add(CounterKind.QUEUED, -waiting.size());
            state = state.with(state.running(), firstQueued(), state.waiting() - waiting.size());
          }
          return waiting;
        });
  }

  /** Ends those that are left of a replacement that was too much for one transaction. */
  List<QueueMember> replaceWaiting(Rest those) throws SQLException {
    rest = null;
    if (state.waiting() == 0) {
      return List.of();
    }
    QueueEntry entry = those.entry();
    Long number = entry.deployment().githubId();
    List<QueueMember> older =
        sql.list(
            RunQueue::member,
            MEMBER
                + """
                where r.environment_task_id = ? and r.queue_key = ? and r.state = 'queued'
                  and r.id < ? and d.id <> ? and coalesce(d.github_id, 0) < ?
                order by r.id limit ?
                """,
            environmentTask(entry),
            queueKey,
            those.beforeRun(),
            entry.deploymentId(),
            number == null ? Long.MAX_VALUE : number,
            REPLACED_AT_ONCE);
    for (QueueMember member : older) {
      End _ =
          end(member.runId(), member.deploymentId(), member.runNumber(), those.end(), those.at());
    }
    if (!older.isEmpty()) {
      counts.add(CounterKind.QUEUED, -older.size());
      state = state.with(state.running(), firstQueued(), state.waiting() - older.size());
    }
    if (older.size() == REPLACED_AT_ONCE) {
      rest = those;
    }
    return older;
  }

  /** The rest of a replacement, for another transaction. */
  Optional<Rest> rest() {
    return Optional.ofNullable(rest);
  }

  private @Nullable Long firstQueued() throws SQLException {
    return sql.first(
            columns -> columns.number(1),
            "select id from run where queue_key = ? and state = 'queued' order by id limit 1",
            queueKey)
        .orElse(null);
  }

  /**
   * Requests that the run that goes on stops, if it is an older one of the same environment and
   * task. Its worker finds the request at its row.
   *
   * @param reason is added to its facts
   * @return that run
   */
  public Optional<QueueMember> requestStop(QueueEntry entry, Fact.Replaced reason) {
    Long running = state.running();
    return running == null
        ? Optional.empty()
        : StoreException.unchecked(() -> requestStop(running, entry, reason));
  }

  private Optional<QueueMember> requestStop(long running, QueueEntry entry, Fact.Replaced reason)
      throws SQLException {
    Long number = entry.deployment().githubId();
    Optional<QueueMember> older =
        sql.first(
            RunQueue::member,
            MEMBER
                + """
                where r.id = ? and r.environment_task_id = ? and d.id <> ?
                  and coalesce(d.github_id, 0) < ?
                """,
            running,
            environmentTask(entry),
            entry.deploymentId(),
            number == null ? Long.MAX_VALUE : number);
    if (older.isPresent()) {
      boolean _ = addStopRequest(running, older.get().deploymentId(), reason);
    }
    return older;
  }

  /**
   * Ends a run of this queue that waits; requests that one stops that runs, as {@link #requestStop}
   * does.
   */
  CancelResult cancel(long runId, Fact.CancelRequested request) throws SQLException {
    StoredRun run = sql.first(StoredRun::of, "select * from run where id = ?", runId).orElseThrow();
    return switch (run.state()) {
      case QUEUED -> {
        End end = end(runId, run.deploymentId(), run.number(), request.end(""), request.at());
        counts.add(CounterKind.QUEUED, -1);
        state = state.with(state.running(), firstQueued(), state.waiting() - 1);
        updateStatuses(request.at());
        yield new CancelResult.Ended(end);
      }
      case RUNNING ->
          addStopRequest(runId, run.deploymentId(), request)
              ? new CancelResult.Requested()
              : new CancelResult.AlreadyRequested(firstStopRequest(runId));
      case ENDED -> new CancelResult.TooLate(Objects.requireNonNull(run.end()));
    };
  }

  /** Adds the request, unless there is one already. */
  private boolean addStopRequest(long runId, long deploymentId, Fact.StopRequested request)
      throws SQLException {
    int requested =
        sql.update(
            "update run set stop_requested_at = ?"
                + " where id = ? and state = 'running' and stop_requested_at is null",
            request.at(),
            runId);
    if (requested == 1) {
      SharedStatements.addFacts(sql, runId, List.of(request));
      changedDeployments.add(deploymentId);
    }
    return requested == 1;
  }

  private Fact.StopRequested firstStopRequest(long runId) throws SQLException {
    return new RunFacts(
            sql
                .list(
                    FactRow::readable, "select * from fact where run_id = ? order by number", runId)
                .stream()
                .flatMap(Optional::stream)
                .toList())
        .stopRequest()
        .orElseThrow();
  }

  /** Ends a run as its purpose has it: what was to destroy an environment has not done so. */
  private End end(long runId, long deploymentId, int run, End ended, Instant now)
      throws SQLException {
    End end =
        sql.first(StoredRun::of, "select * from run where id = ?", runId)
            .orElseThrow()
            .purpose()
            .endOf(ended);
    sql.update(
        """
        update run set state = 'ended', ended_at = ?, end_kind = ?, end_reason = ?
        where id = ? and state = 'queued'
        """,
        now,
        end.kind().code(),
        end.reason(),
        runId);
    SharedStatements.addStatus(sql, deploymentId, run, Status.of(end), now);
    LogChunks.append(sql, deploymentId, LogFormat.ownLine(now, end.reason()));
    counts.add(CounterKind.END, "", end.kind().code(), 1);
    hasNewStatus = true;
    changedDeployments.add(deploymentId);
    return end;
  }

  /** Makes the first that waits the one that runs; its row says so already. */
  void startHead() throws SQLException {
    Joined newest = enqueued;
    if (newest != null && Objects.equals(newest.runId(), state.head())) {
      enqueued = null;
    }
    state =
        state.with(state.head(), state.waiting() == 1 ? null : firstQueued(), state.waiting() - 1);
    counts.add(CounterKind.QUEUED, -1);
    counts.add(CounterKind.RUNNING, 1);
  }

  /** Makes the run that goes on the first that waits; its row says so already. */
  void requeueRunning() {
    state = state.with(null, state.running(), state.waiting() + 1);
    counts.add(CounterKind.QUEUED, 1);
    counts.add(CounterKind.RUNNING, -1);
  }

  /** Lets the next one run; the row of the one that ran says so already. */
  void endRunning() {
    state = state.with(null, state.head(), state.waiting());
    counts.add(CounterKind.RUNNING, -1);
  }

  /** Gives those in front that wait a new status where their position has changed. */
  public void updateStatuses(Instant now) {
    StoreException.unchecked(
        () -> {
          if (state.waiting() > 0) {
            List<QueueMember> front = front(QueuePosition.COUNTED + 2);
            for (int ahead = 1; ahead < front.size(); ahead++) {
              updateStatus(
                  QueuePosition.behind(ahead, front.getFirst(), front.get(ahead)),
                  front.get(ahead),
                  now);
            }
          }
          return state;
        });
  }

  private void updateStatus(QueuePosition position, QueueMember member, Instant now)
      throws SQLException {
    Optional<Status> next = position.changeFrom(lastStatus(member));
    if (next.isPresent()) {
      addStatus(member, next.get(), now);
    }
  }

  private Optional<Status> lastStatus(QueueMember member) throws SQLException {
    return sql.first(
        columns -> new Status(GithubState.of(columns.text("state")), columns.text("description")),
        "select state, description from status where deployment_id = ? and run = ?"
            + " order by id desc limit 1",
        member.deploymentId(),
        member.runNumber());
  }

  private void addStatus(QueueMember member, Status status, Instant now) throws SQLException {
    SharedStatements.addStatus(sql, member.deploymentId(), member.runNumber(), status, now);
    hasNewStatus = true;
    changedDeployments.add(member.deploymentId());
  }

  /**
   * Passes over the head until the hold is over by itself, but a minute at most: then it is looked
   * at again, for a lock can be removed, or a configuration be changed, by another process at this
   * moment.
   */
  public void hold(Hold hold, Instant now) {
    Instant again = now.plus(LOOK_AGAIN);
    Instant until = hold.until();
    Instant next = until == null || until.isAfter(again) ? again : until;
    state = state.heldUntil(next.toEpochMilli());
  }

  /**
   * Lets a run that waits start within freeze windows, and has the head looked at again.
   *
   * @param line says so in its log
   * @return whether it waits
   */
  boolean overrideFreeze(long runId, long deploymentId, String line, Instant now)
      throws SQLException {
    int waiting =
        sql.update("update run set freeze_overridden = 1 where id = ? and state = 'queued'", runId);
    if (waiting == 1) {
      long _ = LogChunks.append(sql, deploymentId, LogFormat.ownLine(now, line));
      changedDeployments.add(deploymentId);
      state = state.heldUntil(0);
    }
    return waiting == 1;
  }

  /** Whether a run may start, or did start, within freeze windows. */
  boolean isFreezeOverridden(long runId) throws SQLException {
    return sql.number("select freeze_overridden from run where id = ?", runId) == 1;
  }

  /** Does the same and tells the head, unless it was told just that. */
  void holdHead(Hold hold, Instant now) throws SQLException {
    hold(hold, now);
    QueueMember head = member(state.head()).orElseThrow();
    Status status = new Status(GithubState.QUEUED, hold.text());
    if (!lastStatus(head).equals(Optional.of(status))) {
      addStatus(head, status, now);
    }
  }

  /** The first that waits. */
  long head() {
    return Objects.requireNonNull(state.head());
  }

  /** The first that waits, if it joined in this transaction and nothing runs or holds it. */
  Optional<Joined> enqueuedHead() {
    return Optional.ofNullable(enqueued)
        .filter(newest -> state.running() == null && Objects.equals(newest.runId(), state.head()))
        .filter(_ -> state.heldUntil() == 0);
  }

  /** The deployments whose pages have something new to show. */
  Set<Long> changedDeployments() {
    return Set.copyOf(changedDeployments);
  }

  /** Whether a status was added that is to be posted. */
  boolean hasNewStatus() {
    return hasNewStatus;
  }

  /** Whether a run joined, or one that waits may be taken. */
  boolean hasRunToTake() {
    return enqueued != null || (state.running() == null && state.head() != null);
  }
}
