package dev.slipway.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** Refusals of GitHub in a row: their number, and until when nothing is posted because of them. */
record GithubRefusal(int times, Instant until) {
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final GithubRefusal NONE = new GithubRefusal(0, Instant.EPOCH);

  /** The one that a query finds, with its columns {@code times} and {@code until_at}. */
  static GithubRefusal first(Sql sql, String query, Object... values) throws SQLException {
    return sql.first(
            columns ->
                new GithubRefusal((int) columns.number("times"), columns.instant("until_at")),
            query,
            values)
        .orElse(NONE);
  }

  /** Whether it goes on; posts that were under way when it began belong to it. */
  boolean lasts(Instant now) {
    return until.isAfter(now);
  }

  /** The time without posts from now on, if GitHub refuses once more. */
  Duration nextDelay(Instant now) {
    return lasts(now) ? Duration.between(now, until) : delay(times);
  }

  /** A minute, then two, and so on up to an hour. */
  static Duration delay(int times) {
    Duration wait = FIRST.multipliedBy(1L << Math.min(times, 10));
    return wait.compareTo(PostBudget.LONGEST_PAUSE) > 0 ? PostBudget.LONGEST_PAUSE : wait;
  }
}
