package dev.slipway.store;

import java.time.Duration;

/**
 * How long somebody waits for the database.
 *
 * @param toBegin after which work that has not begun is withdrawn
 * @param inAll after which the outcome of work that has begun is not waited for
 */
record Limit(Duration toBegin, Duration inAll) {
  static final Limit ORDINARY = new Limit(Duration.ofSeconds(15), Duration.ofSeconds(60));

  static Limit of(Duration both) {
    return new Limit(both, both);
  }
}
