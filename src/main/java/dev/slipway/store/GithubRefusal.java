package dev.slipway.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** How often in a row GitHub refused, and until when nothing is posted therefore. */
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

  /** Those that were under way when GitHub refused are refused with it. */
  boolean lasts(Instant now) {
    return until.isAfter(now);
  }

  /** How long nothing is posted from now on, when it refuses once more. */
  Duration nextDelay(Instant now) {
    return lasts(now) ? Duration.between(now, until) : delay(times);
  }

  /** A minute, then two, and so on up to an hour. */
  static Duration delay(int times) {
    Duration wait = FIRST.multipliedBy(1L << Math.min(times, 10));
    return wait.compareTo(PostBudget.LONGEST_PAUSE) > 0 ? PostBudget.LONGEST_PAUSE : wait;
  }
}
