package dev.slipway.store;

import java.time.Duration;

/**
 * The limits of a wait for the database.
 *
 * @param toBegin after which work that has not begun is withdrawn
 * @param inAll after which the outcome of work that has begun is not waited for
 */
record WaitLimit(Duration toBegin, Duration inAll) {
  static final WaitLimit ORDINARY = new WaitLimit(Duration.ofSeconds(15), Duration.ofSeconds(60));

  static WaitLimit of(Duration both) {
    return new WaitLimit(both, both);
  }
}
