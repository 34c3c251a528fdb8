package dev.slipway.store;

import dev.slipway.model.Status;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that GitHub has not got yet. They leave in the order of their making within a
 * deployment: a status is handed out only when none before it waits. No more leave than the pace
 * allows; while that is short, intermediate ones with a later one behind them are replaced by it,
 * and deployments that wait for a final one go first.
 */
public final class Outbox {
  static final String WAITING =
      " s.posted_at is null and s.given_up_at is null and d.github_id is not null ";

  static final String FIRST =
      """
      and not exists (select 1 from status o where o.deployment_id = s.deployment_id
        and o.id < s.id and o.posted_at is null and o.given_up_at is null)
      """;

  /** Nobody else has got it since; the count of the tries is the fence. */
  private static final String MINE = " and tries = ? and posted_at is null and given_up_at is null";

  private final Database database;
  private final Duration hold;
  private final Budget budget;
  private final HoldClock clock;

  /**
   * An outbox without limits.
   *
   * @param hold how long a status that was handed out is kept from others, unless that is renewed
   */
  public Outbox(Database database, Duration hold) {
    this(database, hold, Pace.ANY);
  }

  /**
   * @param hold how long a status that was handed out is kept from others, unless that is renewed
   * @param pace how many may be posted in which time, by all processes on this database
   */
  public Outbox(Database database, Duration hold, Pace pace) {
    this(database, hold, pace, HoldClock.of(database));
  }

  Outbox(Database database, Duration hold, Pace pace, HoldClock clock) {
    this.database = database;
    this.clock = clock;
    this.hold = hold;
    this.budget = new Budget(pace);
  }

  /**
   * A status to be posted now.
   *
   * @param tries how often it was handed out before
   * @param doubt GitHub may have it already: an earlier post was not answered
   * @param known GitHub's ids of this deployment's statuses that are known to be ours
   */
  public record Outgoing(
      long id,
      StoredDeployment deployment,
      Status status,
      Instant createdAt,
      int tries,
      boolean doubt,
      List<Long> known) {}

  /** How much waits. */
  public record Backlog(int waiting, @Nullable Instant oldest, @Nullable String problem) {
    /** "2 statuses wait for GitHub since …". */
    public String sentence() {
      String count =
          waiting == 1 ? "1 status waits for GitHub" : waiting + " statuses wait for GitHub";
      return oldest == null ? count : count + " since " + oldest;
    }
  }

  /** Hands out the next status that is due and within the pace, and marks it as being sent. */
  public Optional<Outgoing> next(Instant now) {
    return database.write(
        sql -> {
          budget.clean(sql, now);
          return budget.free(sql).isAfter(now) ? Optional.empty() : next(sql, now);
        });
  }

  private Optional<Outgoing> next(Sql sql, Instant now) throws SQLException {
    long due =
        sql.number(
            "select count(*) from status where posted_at is null and given_up_at is null"
                + " and due_at <= ?",
            now);
    long holding = clock.millis(sql, now);
    Departures departures = new Departures(sql, database.isExclusive(), now, holding);
    Optional<Outgoing> first = departures.first(budget.isShort(sql, due, now));
    return first.isEmpty()
        ? Optional.empty()
        : Optional.of(departures.handOut(first.get(), holding + hold.toMillis()));
  }

  /**
   * Keeps a status that was handed out from others for one hold more; changes nothing once somebody
   * else has got it.
   */
  public void renew(Outgoing outgoing, Instant now) {
    database.write(sql -> hold(sql, outgoing, now));
  }

  private int hold(Sql sql, Outgoing outgoing, Instant now) throws SQLException {
    return sql.update(
        "update status set held_until = ? where id = ?" + MINE,
        clock.millis(sql, now) + hold.toMillis(),
        outgoing.id(),
        outgoing.tries() + 1);
  }

  /**
   * Asks for leave to post, right before it is done, and counts the post. It is refused when
   * somebody else has got the status since, and when other processes used up what the pace allows.
   */
  public boolean mayPost(Outgoing outgoing, Instant now) {
    return database.write(
        sql -> {
          budget.hold(sql);
          boolean held = hold(sql, outgoing, now) == 1;
          if (held && !budget.free(sql).isAfter(now)) {
            budget.spend(sql, outgoing.id(), now);
            return true;
          }
          sql.update(
              "update status set held_until = 0, doubt = ? where id = ?" + MINE,
              outgoing.doubt(),
              outgoing.id(),
              outgoing.tries() + 1);
          return false;
        });
  }

  /** The post that was counted last for this status never left. */
  public void notSent(Outgoing outgoing) {
    database.write(
        sql -> {
          budget.giveBack(sql, outgoing.id());
          return 0;
        });
  }

  /** Nothing is handed out until then, in no process on this database. */
  public void pause(Instant until) {
    database.write(
        sql -> {
          budget.pause(sql, until);
          return 0;
        });
  }

  /** When the next status is due, free and within the pace, if one waits. */
  public Optional<Instant> nextDue(Instant now) {
    return database.read(
        sql -> {
          long holding = clock.millis(sql, now);
          // The holds go by a clock that need not be ours
          long ahead = now.toEpochMilli() - holding;
          Optional<Instant> due =
              sql.first(
                      columns -> Optional.ofNullable(columns.optionalInstant("due")),
                      "select min(case when s.held_until > ? and s.held_until + ? > s.due_at"
                          + " then s.held_until + ? else s.due_at end)"
                          + " as due from status s join deployment d on d.id = s.deployment_id where"
                          + WAITING
                          + FIRST,
                      holding,
                      ahead,
                      ahead)
                  .flatMap(at -> at);
          Instant free = budget.free(sql);
          return due.map(at -> at.isBefore(free) ? free : at);
        });
  }

  /**
   * GitHub has the status, under this id of its own. That counts even from a poster whose hold is
   * over, but not once the status is known under another id.
   */
  public void posted(Outgoing outgoing, long githubId, Instant now) {
    database.write(
        sql -> {
          int news =
              sql.update(
                  "update status set posted_at = ?, github_id = ?, doubt = 0, problem = null,"
                      + " given_up_at = null where id = ? and posted_at is null",
                  now,
                  githubId,
                  outgoing.id());
          return news == 1 ? news : LastWord.repeat(sql, outgoing, githubId, now);
        });
    database.bell().ring(Bell.deployment(outgoing.deployment().id()));
    database.bell().ring(Bell.OUTBOX);
  }

  /**
   * The status has to wait; changes nothing once somebody else has got it.
   *
   * @param doubt GitHub may have it all the same
   */
  public void later(Outgoing outgoing, Instant due, boolean doubt, String problem) {
    finish(
        outgoing,
        "update status set due_at = ?, held_until = 0, doubt = ?, problem = ? where id = ?" + MINE,
        due,
        doubt,
        problem,
        outgoing.id(),
        outgoing.tries() + 1);
  }

  /** GitHub will never take it, and those behind go on; changes nothing once another has it. */
  public void giveUp(Outgoing outgoing, Instant now, String problem) {
    finish(
        outgoing,
        "update status set given_up_at = ?, held_until = 0, doubt = 0, problem = ? where id = ?"
            + MINE,
        now,
        problem,
        outgoing.id(),
        outgoing.tries() + 1);
  }

  private void finish(Outgoing outgoing, String update, @Nullable Object... values) {
    database.write(sql -> sql.update(update, values));
    database.bell().ring(Bell.deployment(outgoing.deployment().id()));
  }

  /**
   * Makes everything that waits due at once; for the start, when the credentials may be new. A
   * pause that GitHub asked for stays. Where no other process can have the database, nobody holds
   * anything any more.
   */
  public void hurry(Instant now) {
    database.write(
        sql ->
            sql.update(
                "update status set due_at = case when due_at > ? then ? else due_at end,"
                    + " held_until = 0 where posted_at is null and given_up_at is null"
                    + " and held_until <= ?",
                now,
                now,
                database.isExclusive() ? Long.MAX_VALUE : clock.millis(sql, now)));
  }

  /**
   * The clock by which all this is measured was set: what waits goes on waiting for as long as
   * before. Does nothing where other processes have clocks of their own.
   */
  public void clockWasSet(Duration by) {
    if (database.isExclusive()) {
      database.write(
          sql -> {
            budget.clockWasSet(sql, by);
            return sql.update(
                "update status set due_at = due_at + ? where posted_at is null and given_up_at is null",
                by.toMillis());
          });
    }
  }

  /** How much waits for GitHub, over all deployments. */
  public Backlog backlog() {
    return database.read(
        sql ->
            sql.first(
                    columns ->
                        new Backlog(
                            (int) columns.number("waiting"),
                            columns.optionalInstant("oldest"),
                            columns.optionalText("problem")),
                    "select count(*) as waiting, min(s.created_at) as oldest, max(s.problem) as problem"
                        + " from status s join deployment d on d.id = s.deployment_id where"
                        + WAITING)
                .orElseThrow());
  }
}
