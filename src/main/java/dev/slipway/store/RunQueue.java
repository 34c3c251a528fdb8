package dev.slipway.store;

import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.LogFormat;
import dev.slipway.model.QueuePosition;
import dev.slipway.model.Route;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The line of one queue key, in a transaction that keeps everybody else out of it. What it does
 * costs the same however many wait; {@link #save} is to be called at the end.
 */
final class RunQueue {
  /** How many one transaction ends at the most. */
  static final int REPLACED_AT_ONCE = 100;

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

  private record State(@Nullable Long running, @Nullable Long head, long waiting) {
    static final State EMPTY = new State(null, null, 0);

    static State of(Sql.Columns columns) throws SQLException {
      return new State(
          columns.optionalNumber("running_run_id"),
          columns.optionalNumber("head_run_id"),
          columns.number("waiting"));
    }

    boolean isEmpty() {
      return running == null && waiting == 0;
    }
  }

  /**
   * Those that are still to be replaced.
   *
   * @param beforeRun only runs that joined before this one are
   */
  record Rest(QueueEntry ticket, long beforeRun) {}

  /** The run that joined last. */
  record Joined(long runId, long deploymentId, Instant at) {}

  /**
   * @param before the line's row, if it has one
   */
  private RunQueue(Sql sql, String queueKey, CounterChanges counts, Optional<State> before) {
    this.sql = sql;
    this.queueKey = queueKey;
    this.counts = counts;
    this.before = before;
    this.state = before.orElse(State.EMPTY);
  }

  /**
   * Keeps everybody else out of this line until the transaction ends. Whoever needs rows of runs as
   * well takes the line first, or two could wait for each other.
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
                  returning running_run_id, head_run_id, waiting
                """,
                queueKey))
        : read(sql, queueKey, counts);
  }

  /** The line that the caller has kept everybody else out of. */
  static RunQueue read(Sql sql, String queueKey, CounterChanges counts) throws SQLException {
    return new RunQueue(
        sql,
        queueKey,
        counts,
        sql.first(
            State::of,
            "select running_run_id, head_run_id, waiting from queue where queue_key = ?",
            queueKey));
  }

  /** Writes down who stands where now; a line in which nobody stands keeps no row. */
  void save() throws SQLException {
    if (state.isEmpty()) {
      if (before.isPresent()) {
        sql.update("delete from queue where queue_key = ?", queueKey);
      }
    } else if (before.isEmpty()) {
      write(
          "insert into queue (running_run_id, head_run_id, waiting, queue_key) values (?, ?, ?, ?)");
    } else if (!before.get().equals(state)) {
      write(
          "update queue set running_run_id = ?, head_run_id = ?, waiting = ? where queue_key = ?");
    }
  }

  private void write(String statement) throws SQLException {
    sql.update(statement, state.running(), state.head(), state.waiting(), queueKey);
  }

  /** One that waits or runs. */
  private record Member(
      long runId, long deploymentId, int number, @Nullable Long githubId, String elsewhere) {
    static Member of(Sql.Columns columns) throws SQLException {
      return new Member(
          columns.number("run_id"),
          columns.number("id"),
          (int) columns.number("number"),
          columns.optionalNumber("github_id"),
          columns.text("repository") + " to " + columns.text("environment"));
    }

    /** What people call it; those of another environment share the line by a lock. */
    String name(String here) {
      return RunQueue.name(githubId, deploymentId)
          + (elsewhere.equals(here) ? "" : " of " + elsewhere);
    }
  }

  /** What people call a deployment: by GitHub's number, or else by ours. */
  static String name(@Nullable Long githubId, long deploymentId) {
    return githubId == null
        ? "deployment " + deploymentId + " of the API"
        : "deployment " + githubId;
  }

  private Optional<Member> member(@Nullable Long runId) throws SQLException {
    return runId == null
        ? Optional.empty()
        : sql.first(Member::of, MEMBER + "where r.id = ?", runId);
  }

  /** Those that a new deployment would find: the one that runs, and as many that wait. */
  private List<Member> front(int waiting) throws SQLException {
    List<Member> front = new ArrayList<>();
    member(state.running()).ifPresent(front::add);
    if (state.waiting() > 0) {
      front.addAll(
          sql.list(
              Member::of,
              MEMBER + "where r.queue_key = ? and r.state = 'queued' order by r.id limit ?",
              queueKey,
              waiting));
    }
    return front;
  }

  /** Who holds the line up, if anybody does. */
  Optional<String> firstInQueue(Deployment newcomer) throws SQLException {
    String here = newcomer.repository().fullName() + " to " + newcomer.environment().name();
    return member(state.running() == null ? state.head() : state.running())
        .map(member -> member.name(here));
  }

  /** Puts a run of the deployment at the end of the line. */
  QueuePosition enqueue(QueueEntry ticket, Route route, Instant now) throws SQLException {
    long ahead = state.waiting() + (state.running() == null ? 0 : 1);
    QueuePosition place =
        new QueuePosition(
            (int) Math.min(ahead, Integer.MAX_VALUE), firstInQueue(ticket.deployment()).orElse(""));
    long runId = add(ticket, route, now);
    Long head = state.head();
    state = new State(state.running(), head == null ? runId : head, state.waiting() + 1);
    counts.add(CounterKind.QUEUED, 1);
    enqueued = new Joined(runId, ticket.id(), now);
    Long githubId = ticket.deployment().githubId();
    if (githubId != null) {
      EnvironmentTask.recordNewest(sql, ticket.id(), githubId);
    }
    if (rest != null) {
      rest = new Rest(ticket, runId);
    }
    return place;
  }

  private long environmentTask(QueueEntry ticket) throws SQLException {
    return sql.number("select environment_task_id from deployment where id = ?", ticket.id());
  }

  private long add(QueueEntry ticket, Route route, Instant now) throws SQLException {
    if (ticket.number() > 1) {
      sql.update(
          "update deployment set log_removed_at = null where id = ? and log_removed_at is not null",
          ticket.id());
    }
    return sql.updateReturning(
        """
        insert into run (deployment_id, number, route, chain, queue_key, environment_task_id, state,
          queued_at, fence)
        values (?, ?, ?, ?, ?, (select environment_task_id from deployment where id = ?), 'queued',
          ?, 0)
        returning id
        """,
        ticket.id(),
        ticket.number(),
        route.name(),
        String.join(",", route.chain()),
        queueKey,
        ticket.id(),
        now);
  }

  /** Keeps a run that never joins the line, with its end and its only status. */
  void reject(QueueEntry ticket, Route route, End end, Instant now) throws SQLException {
    long runId = add(ticket, route, now);
    end(new Member(runId, ticket.id(), ticket.number(), null, ""), end, now);
  }

  /**
   * Ends the older ones of the same environment and task that wait; of very many only some, and
   * {@link #rest} tells of the others.
   *
   * @return what people call them
   */
  List<String> replaceWaiting(QueueEntry ticket, Instant now) throws SQLException {
    return replaceWaiting(new Rest(ticket, Long.MAX_VALUE), now);
  }

  List<String> replaceWaiting(Rest those, Instant now) throws SQLException {
    rest = null;
    if (state.waiting() == 0) {
      return List.of();
    }
    QueueEntry ticket = those.ticket();
    Long number = ticket.deployment().githubId();
    List<Member> older =
        sql.list(
            Member::of,
            MEMBER
                + """
                where r.environment_task_id = ? and r.queue_key = ? and r.state = 'queued'
                  and r.id < ? and d.id <> ? and coalesce(d.github_id, 0) < ?
                order by r.id limit ?
                """,
            environmentTask(ticket),
            queueKey,
            those.beforeRun(),
            ticket.id(),
            number == null ? Long.MAX_VALUE : number,
            REPLACED_AT_ONCE);
    String successor = name(number, ticket.id());
    for (Member member : older) {
      end(member, new End.Superseded("Replaced by " + successor + " before it started"), now);
    }
    if (!older.isEmpty()) {
      counts.add(CounterKind.QUEUED, -older.size());
      state = new State(state.running(), firstQueued(), state.waiting() - older.size());
    }
    if (older.size() == REPLACED_AT_ONCE) {
      rest = those;
    }
    return older.stream().map(member -> name(member.githubId(), member.deploymentId())).toList();
  }

  /** What another transaction has to go on with, if anything is left to replace. */
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
   * Asks the older one of the same environment and task that runs to stop.
   *
   * @return what people call it
   */
  List<String> stopRunning(QueueEntry ticket, Instant now) throws SQLException {
    Long running = state.running();
    if (running == null) {
      return List.of();
    }
    Long number = ticket.deployment().githubId();
    List<Member> older =
        sql.list(
            Member::of,
            MEMBER
                + """
                where r.id = ? and r.environment_task_id = ? and d.id <> ?
                  and coalesce(d.github_id, 0) < ?
                """,
            running,
            environmentTask(ticket),
            ticket.id(),
            number == null ? Long.MAX_VALUE : number);
    for (Member member : older) {
      int asked =
          sql.update(
              "update run set stop_requested_at = ?"
                  + " where id = ? and state = 'running' and stop_requested_at is null",
              now,
              member.runId());
      if (asked == 1) {
        String successor = name(number, ticket.id());
        SharedStatements.addFacts(sql, member.runId(), List.of(new Fact.Replaced(now, successor)));
        changedDeployments.add(member.deploymentId());
      }
    }
    return older.stream().map(member -> name(member.githubId(), member.deploymentId())).toList();
  }

  private void end(Member member, End end, Instant now) throws SQLException {
    sql.update(
        """
        update run set state = 'ended', ended_at = ?, end_kind = ?, end_reason = ?
        where id = ? and state = 'queued'
        """,
        now,
        end.kind().code(),
        end.reason(),
        member.runId());
    SharedStatements.addStatus(sql, member.deploymentId(), member.number(), Status.of(end), now);
    LogChunks.append(sql, member.deploymentId(), LogFormat.ownLine(now, end.reason()));
    counts.add(CounterKind.END, "", end.kind().code(), 1);
    hasNewStatus = true;
    changedDeployments.add(member.deploymentId());
  }

  /** Makes the first that waits the one that runs; its row says so already. */
  void startHead() throws SQLException {
    Joined newest = enqueued;
    if (newest != null && Objects.equals(newest.runId(), state.head())) {
      enqueued = null;
    }
    state =
        new State(state.head(), state.waiting() == 1 ? null : firstQueued(), state.waiting() - 1);
    counts.add(CounterKind.QUEUED, -1);
    counts.add(CounterKind.RUNNING, 1);
  }

  /** Frees the line of the one that ran; its row says so already. */
  void endRunning() {
    state = new State(null, state.head(), state.waiting());
    counts.add(CounterKind.RUNNING, -1);
  }

  /** Tells those in front that wait where they are now, if that is news. */
  void updateStatuses(Instant now) throws SQLException {
    if (state.waiting() == 0) {
      return;
    }
    List<Member> front = front(QueuePosition.COUNTED + 2);
    for (int ahead = 1; ahead < front.size(); ahead++) {
      Member member = front.get(ahead);
      String sentence =
          new QueuePosition(ahead, front.getFirst().name(member.elsewhere())).sentence();
      Optional<Status> last =
          sql.first(
              columns ->
                  new Status(GithubState.of(columns.text("state")), columns.text("description")),
              "select state, description from status where deployment_id = ? and run = ?"
                  + " order by id desc limit 1",
              member.deploymentId(),
              member.number());
      Status news = new Status(GithubState.QUEUED, sentence);
      if (last.filter(told -> told.state() == GithubState.QUEUED && !told.equals(news))
          .isPresent()) {
        SharedStatements.addStatus(sql, member.deploymentId(), member.number(), news, now);
        hasNewStatus = true;
        changedDeployments.add(member.deploymentId());
      }
    }
  }

  /** The first that waits. */
  long head() {
    return Objects.requireNonNull(state.head());
  }

  /** The first that waits, if it joined in this transaction and nothing runs. */
  Optional<Joined> enqueuedHead() {
    return Optional.ofNullable(enqueued)
        .filter(newest -> state.running() == null && Objects.equals(newest.runId(), state.head()));
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
