package dev.slipway.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * What is left of GitHub's content limits. The posts that were sent are rows, so that a restart
 * forgets none and replicas share them.
 */
record Budget(Pace pace) {
  // A second more than the limits say, for GitHub's clock counts when a post arrives
  private static final Duration MINUTE = Duration.ofSeconds(61);
  private static final Duration HOUR = Duration.ofSeconds(3601);

  /** Makes others that would count a post wait for this transaction. */
  void hold(Sql sql) throws SQLException {
    sql.update("update status_pause set until_at = until_at");
  }

  /** Forgets what no longer counts, and what a clock that was set back left in the future. */
  void clean(Sql sql, Instant now) throws SQLException {
    sql.update(
        "delete from status_post where at <= ? or at > ?", now.minus(HOUR), now.plus(MINUTE));
  }

  /** From when on the next post is within the limits, and no pause lasts. */
  Instant free(Sql sql) throws SQLException {
    Instant pause = Instant.ofEpochMilli(sql.number("select max(until_at) from status_pause"));
    return Stream.of(
            pause, leaves(sql, pace.perMinute(), MINUTE), leaves(sql, pace.perHour(), HOUR))
        .max(Instant::compareTo)
        .orElse(pause);
  }

  /** When the oldest of the last posts that fill a window leaves it. */
  private static Instant leaves(Sql sql, int limit, Duration window) throws SQLException {
    return limit == 0
        ? Instant.EPOCH
        : sql.first(
                columns -> columns.instant("at").plus(window),
                "select at from status_post order by at desc limit 1 offset ?",
                limit - 1)
            .orElse(Instant.EPOCH);
  }

  /** Whether this many statuses are more than the minute lets through, or the hour nearly so. */
  boolean isShort(Sql sql, long waiting, Instant now) throws SQLException {
    return left(sql, pace.perMinute(), now.minus(MINUTE)) < waiting
        || left(sql, pace.perHour(), now.minus(HOUR)) < Math.max(waiting, pace.perHour() / 5);
  }

  private static long left(Sql sql, int limit, Instant since) throws SQLException {
    return limit == 0
        ? Long.MAX_VALUE
        : limit - sql.number("select count(*) from status_post where at > ?", since);
  }

  void spend(Sql sql, long statusId, Instant now) throws SQLException {
    sql.update("insert into status_post (status_id, at) values (?, ?)", statusId, now);
  }

  /** Takes back the newest post of a status: it was not sent after all. */
  void giveBack(Sql sql, long statusId) throws SQLException {
    sql.update(
        "delete from status_post where id = (select max(id) from status_post where status_id = ?)",
        statusId);
  }

  /** Nothing is posted until then, or longer if that was said before. */
  void pause(Sql sql, Instant until) throws SQLException {
    sql.update("update status_pause set until_at = ? where until_at < ?", until, until);
  }

  void clockWasSet(Sql sql, Duration by) throws SQLException {
    sql.update("update status_post set at = at + ?", by.toMillis());
    sql.update("update status_pause set until_at = until_at + ? where until_at > 0", by.toMillis());
  }
}
