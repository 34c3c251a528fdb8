package dev.slipway.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * The rest of a GitHub host's content limits. The posts that were sent are rows, so that a restart
 * forgets none and replicas share them.
 */
record PostBudget(String host, PostLimits limits) {
  /** No wait is longer, whoever asks for it: a wrong header must not end all reporting. */
  static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  // A second more than the limits say, for GitHub's clock counts when a post arrives
  private static final Duration MINUTE = Duration.ofSeconds(61);
  private static final Duration HOUR = Duration.ofSeconds(3601);

  /** So many may leave at once without a pause between them. */
  private static final int FEW = 5;

  /**
   * Locks the one row about posting to the host by a write that changes nothing, which all its
   * posters do first. It is made when there is none.
   */
  void lock(Sql sql) throws SQLException {
    sql.update(
        "insert into posting (host) values (?)"
            + " on conflict (host) do update set paused_until = posting.paused_until",
        host);
  }

  /**
   * Forgets what no longer counts, what a clock that was set back left in the future, and pauses
   * that are too long.
   */
  void purge(Sql sql, Instant now) throws SQLException {
    sql.update("delete from status_post where host = ? and at <= ?", host, now.minus(HOUR));
    sql.update("delete from status_post where host = ? and at > ?", host, now.plus(MINUTE));
    Instant last = now.plus(LONGEST_PAUSE);
    sql.update(
        "update posting set paused_until = ? where host = ? and paused_until > ?",
        last,
        host,
        last);
    sql.update(
        "update posting set refused_until = ? where host = ? and refused_until > ?",
        last,
        host,
        last);
  }

  /** Whether {@link #purge} would change what {@link #nextSlot} says. */
  boolean needsPurge(Sql sql, Instant now) throws SQLException {
    Instant last = now.plus(LONGEST_PAUSE);
    return sql.number(
                "select 1 from posting where host = ? and (paused_until > ? or refused_until > ?)",
                host,
                last,
                last)
            == 1
        || sql.number(
                "select 1 from status_post where host = ? and at > ? limit 1",
                host,
                now.plus(MINUTE))
            == 1;
  }

  /** From when on the next post is within the limits, and no pause lasts. */
  Instant nextSlot(Sql sql, Instant now) throws SQLException {
    Instant pause = pausedUntil(sql);
    return Stream.of(
            pause,
            windowFreedAt(sql, limits.perMinute(), MINUTE),
            windowFreedAt(sql, limits.perHour(), HOUR),
            spaced(sql, now))
        .max(Instant::compareTo)
        .orElse(pause);
  }

  /** From when on no pause lasts. */
  Instant pausedUntil(Sql sql) throws SQLException {
    return sql.first(
            columns ->
                Stream.of(columns.instant("paused_until"), columns.instant("refused_until"))
                    .max(Instant::compareTo)
                    .orElse(Instant.EPOCH),
            "select paused_until, refused_until from posting where host = ?",
            host)
        .orElse(Instant.EPOCH);
  }

  /** When the oldest of the last posts that fill a window leaves it. */
  private Instant windowFreedAt(Sql sql, int limit, Duration window) throws SQLException {
    return limit == 0
        ? Instant.EPOCH
        : sql.first(
                columns -> columns.instant("at").plus(window),
                "select at from status_post where host = ? order by at desc limit 1 offset ?",
                host,
                limit - 1)
            .orElse(Instant.EPOCH);
  }

  private Instant spaced(Sql sql, Instant now) throws SQLException {
    return limits.apart().isZero()
            || OutboxRotation.countDue(sql, host, now, FEW + 1)
                    + OutboxRotation.countClaimed(sql, host, FEW + 1)
                <= FEW
        ? Instant.EPOCH
        : windowFreedAt(sql, 1, limits.apart());
  }

  /** Whether more statuses could leave than the minute lets through, or the hour nearly so. */
  boolean isShort(Sql sql, Instant now) throws SQLException {
    int most = Math.max(limits.perMinute(), limits.perHour());
    if (most == 0) {
      return false;
    }
    long waiting = OutboxRotation.countDue(sql, host, now, most + 1);
    return left(sql, limits.perMinute(), now.minus(MINUTE)) < waiting
        || left(sql, limits.perHour(), now.minus(HOUR)) < Math.max(waiting, limits.perHour() / 5);
  }

  private long left(Sql sql, int limit, Instant since) throws SQLException {
    return limit == 0
        ? Long.MAX_VALUE
        : limit
            - sql.number("select count(*) from status_post where host = ? and at > ?", host, since);
  }

  /** Counts a post of this status that is about to be made. */
  void spend(Sql sql, long statusId, Instant now) throws SQLException {
    sql.update(
        "insert into status_post (host, status_id, at) values (?, ?, ?)", host, statusId, now);
  }

  /**
   * Says that the post that was counted last for this status is made now.
   *
   * @return whether it still has its place within the minute; others may have got it otherwise
   */
  boolean renew(Sql sql, long statusId, Instant now) throws SQLException {
    return sql.update(
            "update status_post set at = ?"
                + " where id = (select max(id) from status_post where status_id = ?) and at > ?",
            now,
            statusId,
            now.minus(MINUTE))
        == 1;
  }

  /** Takes back the newest post of a status: it was not sent, or made nothing at GitHub. */
  void refund(Sql sql, long statusId) throws SQLException {
    sql.update(
        "delete from status_post where id = (select max(id) from status_post where status_id = ?)",
        statusId);
  }

  /** Nothing is posted until then, or longer if that was said before. */
  void pause(Sql sql, Instant until) throws SQLException {
    lock(sql);
    sql.update(
        "update posting set paused_until = ? where host = ? and paused_until < ?",
        until,
        host,
        until);
  }

  void shiftTimes(Sql sql, Duration by) throws SQLException {
    long millis = by.toMillis();
    sql.update("update status_post set at = at + ? where host = ?", millis, host);
    sql.update(
        "update posting set paused_until = paused_until + ? where host = ? and paused_until > 0",
        millis,
        host);
    sql.update(
        "update posting set refused_until = refused_until + ?"
            + " where host = ? and refused_until > 0",
        millis,
        host);
  }
}
