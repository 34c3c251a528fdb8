package dev.slipway.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that a GitHub host has not got yet. What holds up one host holds up no other, for
 * nothing is shared between them but the database. They leave in the order of their making within a
 * deployment, one repository after another, and deployments that wait for a final one go first. No
 * more leave than the pace allows; while that is short, intermediate ones with a later one behind
 * them are replaced by it. What is next is kept ({@link OutboxRotation}), so that none of this
 * depends on how much waits.
 */
public final class Outbox {
  /** Nobody else has claimed it since. */
  private static final String MINE = " and fence = ? and posted_at is null and given_up_at is null";

  private static final int SEVERAL = 1_000;
  private static final int CROWDS = 100;

  private final Database database;
  private final String host;
  private final Duration claimDuration;
  private final PostBudget budget;
  private final ClaimClock clock;
  private final ReentrantLock turn = new ReentrantLock();

  /**
   * @param host as deployments have it
   * @param claimDuration how long a claim lasts unless it is renewed
   * @param pace how many may be posted there in which time, by all processes on this database
   */
  public Outbox(Database database, String host, Duration claimDuration, PostLimits pace) {
    this(database, host, claimDuration, pace, ClaimClock.of(database));
  }

  Outbox(
      Database database, String host, Duration claimDuration, PostLimits pace, ClaimClock clock) {
    this.database = database;
    this.host = host;
    this.clock = clock;
    this.claimDuration = claimDuration;
    this.budget = new PostBudget(host, pace);
  }

  /** The GitHub host that gets these statuses. */
  public String host() {
    return host;
  }

  /**
   * The statuses that wait for a GitHub host.
   *
   * @param oldest when the oldest that waits was made
   * @param problem what GitHub said last to one that waits; names no repository
   * @param refused of how many repositories GitHub refuses statuses, counted up to a thousand
   * @param allRefused GitHub refuses the credential, or is not what answers
   * @param lost how many statuses were given up since the database was made
   */
  public record Backlog(
      int waiting,
      @Nullable Instant oldest,
      @Nullable String problem,
      int refused,
      boolean allRefused,
      long lost) {}

  /**
   * Hands out the next status that is due and within the pace, counts its post, and marks it as
   * being sent. Writes nothing when there is none.
   *
   * @param inHand what this process is posting: nobody gets it, though its claim may be over
   *     because the process or its disk slept
   */
  public Optional<ClaimedStatus> claim(Instant now, ClaimedStatus... inHand) {
    processCrowds(now, inHand);
    boolean isWanted =
        database.read(
            sql ->
                OutboxTransaction.hasChanges(sql, host, clock.millis(sql, now))
                    || (hasDue(sql, now)
                        && (!budget.nextSlot(sql, now).isAfter(now)
                            || budget.needsPurge(sql, now))));
    return isWanted ? write(sql -> claim(sql, now, inHand)) : Optional.empty();
  }

  private boolean hasDue(Sql sql, Instant now) throws SQLException {
    return sql.number(
            "select 1 from outbox_flow where host = ? and due_at <= ? order by due_at limit 1",
            host,
            now)
        == 1;
  }

  /**
   * Does what takes the one row about all posting to the host. Where connections of this process
   * would wait for it beside each other, there would be none left for who accepts and runs.
   */
  private <T> T write(SqlWork<T> work) {
    if (!database.dialect().hasConcurrentWrites()) {
      return database.write(work);
    }
    turn.lock();
    try {
      return database.write(work);
    } finally {
      turn.unlock();
    }
  }

  private Optional<ClaimedStatus> claim(Sql sql, Instant now, ClaimedStatus... inHand)
      throws SQLException {
    OutboxTransaction claims = withChanges(sql, now, inHand);
    budget.purge(sql, now);
    if (budget.nextSlot(sql, now).isAfter(now)) {
      return Optional.empty();
    }
    Optional<ClaimedStatus> next =
        claims.claim(budget.isShort(sql, now), claims.claimTime() + claimDuration.toMillis());
    if (next.isPresent()) {
      budget.spend(sql, next.get().id(), now);
    }
    return next;
  }

  private OutboxTransaction withChanges(Sql sql, Instant now, ClaimedStatus... inHand)
      throws SQLException {
    budget.lock(sql);
    OutboxTransaction claims = claims(sql, now, clock.millis(sql, now));
    claims.processChanges(status -> keepsClaim(sql, now, status, inHand));
    return claims;
  }

  private boolean keepsClaim(Sql sql, Instant now, long status, ClaimedStatus... inHand)
      throws SQLException {
    for (ClaimedStatus claimed : inHand) {
      if (claimed.id() == status && extend(sql, claimed, now) == 1) {
        return true;
      }
    }
    return false;
  }

  private OutboxTransaction claims(Sql sql, Instant now, long claimNow) {
    return new OutboxTransaction(sql, host, now, claimNow);
  }

  /**
   * Brings changed rows up to date while nothing is posted, so that the next claim finds few of
   * them. Does nothing while there are few.
   */
  public void processCrowds(Instant now, ClaimedStatus... inHand) {
    for (int i = 0; i < CROWDS && database.read(this::isCrowded); i++) {
      processChanges(now, inHand);
    }
  }

  private boolean isCrowded(Sql sql) throws SQLException {
    return OutboxTransaction.isCrowded(sql, host);
  }

  /**
   * Takes notice of what waits for a host that nothing can be posted to, and keeps why.
   *
   * @param problem what is shown with it until something is posted, or all is made due
   */
  public void keepWaiting(Instant now, String problem) {
    processCrowds(now);
    processChanges(now);
    boolean isKept =
        database.read(
            sql ->
                sql.number("select 1 from posting where host = ? and problem = ?", host, problem)
                    == 1);
    if (!isKept) {
      write(
          sql -> {
            budget.lock(sql);
            return sql.update("update posting set problem = ? where host = ?", problem, host);
          });
    }
  }

  void processChanges(Instant now, ClaimedStatus... inHand) {
    if (database.read(sql -> OutboxTransaction.hasChanges(sql, host, clock.millis(sql, now)))) {
      write(sql -> withChanges(sql, now, inHand).claimTime());
    }
  }

  /**
   * Renews the claims of statuses that were handed out; changes nothing about those that somebody
   * else has got, or that nobody is posting any more.
   */
  public void renew(Instant now, ClaimedStatus... inHand) {
    if (inHand.length > 0) {
      database.write(sql -> renew(sql, now, inHand));
    }
  }

  private int renew(Sql sql, Instant now, ClaimedStatus... inHand) throws SQLException {
    List<Object> values = new ArrayList<>();
    values.add(clock.millis(sql, now) + claimDuration.toMillis());
    values.add(host);
    for (ClaimedStatus claimed : inHand) {
      values.add(claimed.id());
      values.add(claimed.fence());
    }
    return sql.update(
        "update outbox set claimed_until = ? where deployment_id in"
            + " (select o.deployment_id from status s join outbox o"
            + " on o.deployment_id = s.deployment_id and o.status_id = s.id"
            + " where o.host = ? and o.claimed_until is not null"
            + " and s.posted_at is null and s.given_up_at is null"
            + " and ("
            + String.join(" or ", Collections.nCopies(inHand.length, "(s.id = ? and s.fence = ?)"))
            + ")"
            // Whoever adds a status to one of them waits for nobody, and is waited for by nobody
            + sql.dialect().forUpdateSkipLocked("o")
            + ")",
        values.toArray());
  }

  private int extend(Sql sql, ClaimedStatus claimed, Instant now) throws SQLException {
    return sql.update(
        "update outbox set claimed_until = ? where deployment_id = ? and status_id = ?"
            + " and exists (select 1 from status where id = ?"
            + MINE
            + ")",
        clock.millis(sql, now) + claimDuration.toMillis(),
        claimed.deployment().id(),
        claimed.id(),
        claimed.id(),
        claimed.fence());
  }

  /**
   * Checks right before a post that it is still allowed; the post counts from now on. It is
   * refused, and the status put back, when somebody else has got it since, when a pause has begun,
   * and when its place in the pace is over.
   */
  public boolean confirmPost(ClaimedStatus claimed, InstantSource time) {
    boolean leave =
        write(
            sql -> {
              budget.lock(sql);
              Instant now = time.instant();
              boolean may =
                  extend(sql, claimed, now) == 1
                      && !budget.pausedUntil(sql).isAfter(now)
                      && budget.renew(sql, claimed.id(), now);
              if (!may) {
                release(sql, claimed, now);
              }
              return may;
            });
    if (!leave) {
      database.notifier().signal(CommitNotifier.OUTBOX);
    }
    return leave;
  }

  /** Checks the same for a status in another form, which is one post more. */
  public boolean confirmRepost(ClaimedStatus claimed, InstantSource time) {
    return write(
        sql -> {
          budget.lock(sql);
          Instant now = time.instant();
          boolean may = extend(sql, claimed, now) == 1 && !budget.nextSlot(sql, now).isAfter(now);
          if (may) {
            budget.spend(sql, claimed.id(), now);
          }
          return may;
        });
  }

  /**
   * A status that was handed out is surely not posted: others may have it at once, as doubtful as
   * it was, and its post does not count. Changes nothing once somebody else has got it.
   */
  public void release(ClaimedStatus claimed, Instant now) {
    write(
        sql -> {
          budget.lock(sql);
          return release(sql, claimed, now);
        });
    database.notifier().signal(CommitNotifier.OUTBOX);
  }

  private boolean release(Sql sql, ClaimedStatus claimed, Instant now) throws SQLException {
    boolean mine = isMine(sql, claimed);
    if (mine) {
      sql.update("update status set in_doubt = ? where id = ?", claimed.inDoubt(), claimed.id());
      budget.refund(sql, claimed.id());
      claims(sql, now, 0).release(claimed.deployment().id());
    }
    return mine;
  }

  /**
   * The post that was counted last for this status never left, or GitHub refused it unread; changes
   * nothing once somebody else has got it.
   */
  public void refund(ClaimedStatus claimed) {
    write(
        sql -> {
          budget.lock(sql);
          if (isMine(sql, claimed)) {
            budget.refund(sql, claimed.id());
          }
          return 0;
        });
  }

  private static boolean isMine(Sql sql, ClaimedStatus claimed) throws SQLException {
    return sql.number("select 1 from status where id = ?" + MINE, claimed.id(), claimed.fence())
        == 1;
  }

  /** Nothing is handed out until then, in no process on this database. */
  public void pause(Instant until) {
    write(
        sql -> {
          budget.pause(sql, until);
          return 0;
        });
  }

  /** When the next status is due, free and within the pace, if one waits. */
  public Optional<Instant> nextDue(Instant now) {
    return database.read(
        sql -> {
          long claimNow = clock.millis(sql, now);
          // The claims go by a clock that need not be ours
          Optional<Instant> claimed =
              at(
                      sql,
                      "select min(claimed_until) as at from outbox"
                          + " where host = ? and claimed_until is not null")
                  .map(until -> until.plusMillis(now.toEpochMilli() - claimNow));
          Optional<Instant> added =
              at(sql, "select due_at as at from outbox where host = ? and changed = 1 limit 1");
          Optional<Instant> flow =
              at(sql, "select min(due_at) as at from outbox_flow where host = ?");
          Instant free = budget.nextSlot(sql, now);
          return Stream.of(claimed, added, flow)
              .flatMap(Optional::stream)
              .min(Instant::compareTo)
              .map(due -> due.isBefore(free) ? free : due);
        });
  }

  private Optional<Instant> at(Sql sql, String query) throws SQLException {
    return sql.first(columns -> Optional.ofNullable(columns.optionalInstant("at")), query, host)
        .flatMap(at -> at);
  }

  /**
   * GitHub has the status, under this id of its own. That counts even from a poster whose claim is
   * over, but not once the status is known under another id. What it refused before it may take
   * now, so nothing of its repository waits for that any more.
   */
  public void confirmPosted(ClaimedStatus claimed, long githubId, Instant now) {
    int _ =
        finish(
            claimed,
            now,
            sql -> {
              int news =
                  sql.update(
                      "update status set posted_at = ?, github_id = ?, in_doubt = 0, problem ="
                          + " null, given_up_at = null where id = ? and posted_at is null",
                      now,
                      githubId,
                      claimed.id());
              if (news == 0 && StaleStatusRepair.repostNewest(sql, claimed, githubId, now) > 0) {
                OutboxRotation.markChanged(sql, claimed.deployment().id(), now);
              }
              sql.update(
                  "update posting set refusals = 0, refused_until = 0, problem = null"
                      + " where host = ?",
                  host);
              return sql.update(
                  "delete from outbox_refusal where flow_key = " + KEY, claimed.deployment().id());
            });
  }

  private static final String KEY =
      "(select host || '/' || repository_key from deployment where id = ?)";

  private void refresh(Sql sql, ClaimedStatus claimed, Instant now) throws SQLException {
    Optional<String> key =
        sql.first(
            columns -> columns.text("key"),
            "select host || '/' || repository_key as key from deployment where id = ?",
            claimed.deployment().id());
    if (key.isPresent()) {
      new OutboxRotation(sql, host, now).refresh(key.get());
    }
  }

  /**
   * The order is that of all who post: the host's row, then the deployment's, then its statuses.
   */
  private OutboxTransaction lock(Sql sql, ClaimedStatus claimed, Instant now) throws SQLException {
    budget.lock(sql);
    OutboxTransaction claims = claims(sql, now, 0);
    claims.lock(claimed.deployment().id());
    return claims;
  }

  /**
   * The status has to wait; changes nothing once somebody else has got it.
   *
   * @param doubt GitHub may have it all the same
   */
  public void postpone(
      ClaimedStatus claimed, Instant due, boolean doubt, String problem, Instant now) {
    boolean _ = finish(claimed, now, sql -> defer(sql, claimed, due, doubt, problem));
  }

  private boolean defer(Sql sql, ClaimedStatus claimed, Instant due, boolean doubt, String problem)
      throws SQLException {
    int mine =
        sql.update(
            "update status set in_doubt = ?, problem = ? where id = ?" + MINE,
            doubt,
            problem,
            claimed.id(),
            claimed.fence());
    if (mine == 1) {
      sql.update(
          "update outbox set claimed_until = null, due_at = ? where deployment_id = ?",
          due,
          claimed.deployment().id());
    }
    return mine == 1;
  }

  /**
   * GitHub refuses the credential, or is not what answers: nothing is posted for a while, which
   * grows with each refusal, and the next that is posted then stands for all.
   *
   * @return how long the wait is
   */
  public Duration pauseAll(ClaimedStatus claimed, boolean doubt, String problem, Instant now) {
    return finish(
        claimed,
        now,
        sql -> {
          GithubRefusal former =
              GithubRefusal.first(
                  sql,
                  "select refusals as times, refused_until as until_at from posting where host = ?",
                  host);
          if (defer(sql, claimed, now, doubt, problem) && !former.lasts(now)) {
            sql.update(
                "update posting set refusals = ?, refused_until = ?, problem = ? where host = ?",
                former.times() + 1,
                now.plus(former.nextDelay(now)),
                problem,
                host);
          }
          return former.nextDelay(now);
        });
  }

  /**
   * GitHub refuses statuses of this repository: none of them is posted for a while, which grows
   * with each refusal.
   *
   * @return how long the wait is
   */
  public Duration pauseRepository(
      ClaimedStatus claimed, boolean doubt, String problem, Instant now) {
    long id = claimed.deployment().id();
    return finish(
        claimed,
        now,
        sql -> {
          GithubRefusal former =
              GithubRefusal.first(
                  sql, "select times, until_at from outbox_refusal where flow_key = " + KEY, id);
          if (defer(sql, claimed, now, doubt, problem) && !former.lasts(now)) {
            sql.update(
                "insert into outbox_refusal (host, flow_key, times, until_at, problem) values (?, "
                    + KEY
                    + ", ?, ?, ?) on conflict (flow_key) do update set"
                    + " times = excluded.times, until_at = excluded.until_at,"
                    + " problem = excluded.problem",
                host,
                id,
                former.times() + 1,
                now.plus(former.nextDelay(now)),
                problem);
          }
          return former.nextDelay(now);
        });
  }

  /** The time before GitHub is asked again to take a status that it called invalid. */
  public static Duration retryDelay(ClaimedStatus claimed) {
    return GithubRefusal.delay(claimed.earlierClaims());
  }

  /** This one is not posted, and those behind go on; changes nothing once another has it. */
  public void giveUp(ClaimedStatus claimed, Instant now, String problem) {
    int _ =
        finish(
            claimed,
            now,
            sql ->
                lose(
                    sql,
                    sql.update(
                        "update status set given_up_at = ?, in_doubt = 0, problem = ? where id = ?"
                            + MINE,
                        now,
                        problem,
                        claimed.id(),
                        claimed.fence())));
  }

  /** GitHub has the deployment no more: nothing is to be said about it. */
  public void abandon(ClaimedStatus claimed, Instant now, String problem) {
    int _ =
        finish(
            claimed,
            now,
            sql ->
                lose(
                    sql,
                    sql.update(
                        "update status set given_up_at = ?, in_doubt = 0, problem = ?"
                            + " where deployment_id = ? and posted_at is null"
                            + " and given_up_at is null",
                        now,
                        problem,
                        claimed.deployment().id())));
  }

  private int lose(Sql sql, int number) throws SQLException {
    return sql.update("update posting set lost = lost + ? where host = ?", number, host);
  }

  private <T> T finish(ClaimedStatus claimed, Instant now, SqlWork<T> ending) {
    T result =
        write(
            sql -> {
              OutboxTransaction claims = lock(sql, claimed, now);
              T ended = ending.on(sql);
              claims.recount(claimed.deployment().id());
              refresh(sql, claimed, now);
              return ended;
            });
    database.notifier().signal(CommitNotifier.deployment(claimed.deployment().id()));
    database.notifier().signal(CommitNotifier.OUTBOX);
    return result;
  }

  /**
   * Makes everything that waits for the host due at once; for the start, when the credentials may
   * be new. A pause that GitHub asked for stays. Where no other process can have the database,
   * nobody claims anything any more.
   */
  public void makeAllDue(Instant now) {
    if (database.isExclusive()) {
      // Fewer than there were posters
      database.write(
          sql ->
              sql.update(
                  "update outbox set claimed_until = 0"
                      + " where host = ? and claimed_until is not null",
                  host));
    }
    clearWaits(now);
  }

  /** Does what {@link WaitingStatuses#retry} asked for, if it did. */
  public void makeAllDueIfRequested(Instant now) {
    if (database.read(sql -> sql.number("select retry_requested from posting where host = ?", host))
        != 0) {
      clearWaits(now);
    }
  }

  private void clearWaits(Instant now) {
    List<Long> some = laterThan(now, Long.MIN_VALUE);
    while (!some.isEmpty()) {
      List<Long> ids = some;
      int _ = write(sql -> makeAllDue(sql, now, ids.getFirst(), ids.getLast()));
      some = laterThan(now, ids.getLast());
    }
    write(
        sql -> {
          budget.lock(sql);
          sql.update(
              "update posting set refusals = 0, refused_until = 0, problem = null, retry_requested"
                  + " = 0 where host = ?",
              host);
          sql.update("delete from outbox_refusal where host = ?", host);
          return sql.update(
              "update outbox_flow set due_at = ? where host = ? and due_at > ?", now, host, now);
        });
  }

  /** Some of those that are due later, from the first with a higher number on. */
  private List<Long> laterThan(Instant now, long number) {
    return database.read(
        sql ->
            sql.list(
                columns -> columns.number(1),
                "select deployment_id from outbox where deployment_id > ? and due_at > ?"
                    + " and host = ? order by deployment_id limit "
                    + OutboxRotation.AT_ONCE,
                number,
                now,
                host));
  }

  private int makeAllDue(Sql sql, Instant now, long first, long last) throws SQLException {
    budget.lock(sql);
    return sql.update(
        "update outbox set due_at = ?"
            + " where deployment_id between ? and ? and due_at > ? and host = ?",
        now,
        first,
        last,
        now,
        host);
  }

  /**
   * The clock by which all this is measured was set: what waits goes on waiting for as long as
   * before. Does nothing where other processes have clocks of their own.
   */
  public void shiftTimes(Duration by) {
    if (database.isExclusive()) {
      long millis = by.toMillis();
      database.write(
          sql -> {
            budget.shiftTimes(sql, by);
            sql.update(
                "update outbox_refusal set until_at = until_at + ? where host = ?", millis, host);
            sql.update("update outbox_flow set due_at = due_at + ? where host = ?", millis, host);
            return sql.update(
                "update outbox set due_at = due_at + ?, claimed_until = claimed_until + ?"
                    + " where host = ?",
                millis,
                millis,
                host);
          });
    }
  }

  /** The statuses that wait for the host, over all deployments. */
  public Backlog backlog() {
    return database.read(
        sql -> {
          long waiting =
              sql.number("select waiting from posting where host = ?", host)
                  + sql.number(
                      """
                      select coalesce(sum((select count(*) from status s
                          where s.deployment_id = o.deployment_id
                            and s.posted_at is null and s.given_up_at is null) - o.waiting), 0)
                        from outbox o where o.host = ? and o.changed = 1
                      """,
                      host);
          return new Backlog(
              (int) waiting,
              at(sql, "select min(since) as at from outbox where host = ?").orElse(null),
              problem(sql),
              (int)
                  sql.number(
                      "select count(*) from (select 1 from outbox_refusal where host = ? limit "
                          + SEVERAL
                          + ") counted",
                      host),
              sql.number("select refusals from posting where host = ?", host) > 0,
              sql.number("select lost from posting where host = ?", host));
        });
  }

  private @Nullable String problem(Sql sql) throws SQLException {
    for (String place :
        List.of(
            "select problem from posting where host = ? and problem is not null",
            "select problem from outbox_refusal where host = ? limit 1",
            "select s.problem from"
                + " (select status_id from outbox where host = ? order by since limit 10) o"
                + " join status s on s.id = o.status_id where s.problem is not null limit 1")) {
      Optional<String> problem = sql.first(columns -> columns.text("problem"), place, host);
      if (problem.isPresent()) {
        return problem.get();
      }
    }
    return null;
  }
}
