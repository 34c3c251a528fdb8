package dev.slipway.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** How often in a row GitHub refused, and until when nothing is posted therefore. */
record GithubRefusal(int times, Instant until) {
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
    return lasts(now) ? Duration.between(now, until) : Outbox.distance(times);
  }
}
