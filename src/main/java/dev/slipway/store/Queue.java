package dev.slipway.store;

import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.Position;
import dev.slipway.model.Route;
import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The line of one queue key, in a transaction that keeps everybody else out of it. */
final class Queue {
  private static final String SAME =
      """
      from run r join deployment d on d.id = r.deployment_id
      where r.lock_key = ? and r.state = ? and d.id <> ? and d.host = ?
        and lower(d.repository) = lower(?) and d.environment = ? and d.task = ?
        and coalesce(d.github_id, 0) < ?
      order by r.id
      """;

  private final Sql sql;
  private final String lockKey;
  private final boolean exclusive;
  private final Set<Long> touched = new TreeSet<>();

  private Queue(Sql sql, String lockKey, boolean exclusive) {
    this.sql = sql;
    this.lockKey = lockKey;
    this.exclusive = exclusive;
  }

  /**
   * Keeps everybody else out of this line until the transaction ends. Whoever needs rows of runs as
   * well takes the line first, or two could wait for each other.
   *
   * @param exclusive no other process has the database
   */
  static Queue hold(Sql sql, String lockKey, boolean exclusive) throws SQLException {
    sql.update("insert into line (lock_key, joined) values (?, 0) on conflict do nothing", lockKey);
    sql.update("update line set joined = joined + 1 where lock_key = ?", lockKey);
    return new Queue(sql, lockKey, exclusive);
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
      return Queue.name(githubId, deploymentId)
          + (elsewhere.equals(here) ? "" : " of " + elsewhere);
    }
  }

  private static final String MEMBER =
      "select r.id as run_id, r.number, d.id, d.github_id, d.repository, d.environment ";

  /** What people call a deployment: by GitHub's number, or else by ours. */
  static String name(@Nullable Long githubId, long deploymentId) {
    return githubId == null
        ? "deployment " + deploymentId + " of the API"
        : "deployment " + githubId;
  }

  /** Those that a new deployment would find: the one that runs, and as many that wait. */
  private List<Member> front(int waiting) throws SQLException {
    String of =
        MEMBER + "from run r join deployment d on d.id = r.deployment_id where r.lock_key = ?";
    List<Member> running = sql.list(Member::of, of + " and r.state = 'running'", lockKey);
    List<Member> queued =
        sql.list(
            Member::of,
            // Locked, so that none is taken while it is told that it waits
            of
                + " and r.state = 'queued' order by r.id limit ?"
                + (exclusive ? "" : " for update of r"),
            lockKey,
            waiting);
    return Stream.concat(running.stream(), queued.stream()).toList();
  }

  /** Who holds the line up, if anybody does. */
  Optional<String> first(Deployment newcomer) throws SQLException {
    String here = newcomer.repository().fullName() + " to " + newcomer.environment().name();
    return front(1).stream().findFirst().map(member -> member.name(here));
  }

  /** Puts a run of the deployment at the end of the line. */
  Position join(Inbox.Ticket ticket, Route route, Instant now) throws SQLException {
    long ahead =
        sql.number(
            "select count(*) from run where lock_key = ? and state in ('queued', 'running')",
            lockKey);
    Position place = new Position((int) ahead, first(ticket.deployment()).orElse(""));
    add(ticket, route, now);
    return place;
  }

  private long add(Inbox.Ticket ticket, Route route, Instant now) throws SQLException {
    sql.update(
        "update deployment set log_removed_at = null where id = ? and log_removed_at is not null",
        ticket.id());
    return sql.insert(
        """
        insert into run (deployment_id, number, route, chain, lock_key, state, queued_at, fence)
        values (?, ?, ?, ?, ?, 'queued', ?, 0) returning id
        """,
        ticket.id(),
        ticket.number(),
        route.name(),
        String.join(",", route.chain()),
        lockKey,
        now);
  }

  /** Keeps a run that never joins the line, with its end and its only status. */
  void turnAway(Inbox.Ticket ticket, Route route, End end, Instant now) throws SQLException {
    long runId = add(ticket, route, now);
    end(new Member(runId, ticket.id(), ticket.number(), null, ""), end, now);
  }

  /**
   * Ends the older ones of the same environment and task that wait.
   *
   * @return what people call them
   */
  List<String> replaceWaiting(Inbox.Ticket ticket, Instant now) throws SQLException {
    List<Member> older = older("queued", ticket);
    String successor = name(ticket.deployment().githubId(), ticket.id());
    for (Member member : older) {
      end(member, new End.Superseded("Replaced by " + successor + " before it started"), now);
    }
    return older.stream().map(member -> name(member.githubId(), member.deploymentId())).toList();
  }

  /**
   * Asks the older one of the same environment and task that runs to stop.
   *
   * @return what people call it
   */
  List<String> stopRunning(Inbox.Ticket ticket, Instant now) throws SQLException {
    List<Member> older = older("running", ticket);
    for (Member member : older) {
      int asked =
          sql.update(
              "update run set stop_asked_at = ?"
                  + " where id = ? and state = 'running' and stop_asked_at is null",
              now,
              member.runId());
      if (asked == 1) {
        String successor = name(ticket.deployment().githubId(), ticket.id());
        Rows.addFacts(sql, member.runId(), List.of(new Fact.Replaced(now, successor)));
        touched.add(member.deploymentId());
      }
    }
    return older.stream().map(member -> name(member.githubId(), member.deploymentId())).toList();
  }

  private List<Member> older(String state, Inbox.Ticket ticket) throws SQLException {
    Deployment newer = ticket.deployment();
    Long number = newer.githubId();
    return sql.list(
        Member::of,
        MEMBER + SAME + (exclusive ? "" : " for update of r"),
        lockKey,
        state,
        ticket.id(),
        newer.repository().host(),
        newer.repository().fullName(),
        newer.environment().name(),
        newer.task(),
        number == null ? Long.MAX_VALUE : number);
  }

  private void end(Member member, End end, Instant now) throws SQLException {
    int ended =
        sql.update(
            """
            update run set state = 'ended', ended_at = ?, end_word = ?, end_reason = ?
            where id = ? and state = 'queued'
            """,
            now,
            Ends.word(end),
            end.reason(),
            member.runId());
    if (ended == 1) {
      Rows.addStatus(sql, member.deploymentId(), member.number(), Status.of(end), now);
      Logs.append(sql, member.deploymentId(), Logs.note(now, end.reason()));
      touched.add(member.deploymentId());
    }
  }

  /** Tells those in front that wait where they are now, if that is news. */
  void tell(Instant now) throws SQLException {
    List<Member> front = front(Position.COUNTED + 2);
    for (int ahead = 1; ahead < front.size(); ahead++) {
      Member member = front.get(ahead);
      String sentence = new Position(ahead, front.getFirst().name(member.elsewhere())).sentence();
      Optional<Status> last =
          sql.first(
              columns ->
                  new Status(
                      GithubState.valueOf(columns.text("state")), columns.text("description")),
              "select state, description from status where deployment_id = ? and run = ?"
                  + " order by id desc limit 1",
              member.deploymentId(),
              member.number());
      Status news = new Status(GithubState.QUEUED, sentence);
      if (last.filter(told -> told.state() == GithubState.QUEUED && !told.equals(news))
          .isPresent()) {
        Rows.addStatus(sql, member.deploymentId(), member.number(), news, now);
        touched.add(member.deploymentId());
      }
    }
  }

  /** The deployments whose pages have something new to show. */
  Set<Long> touched() {
    return Set.copyOf(touched);
  }
}
