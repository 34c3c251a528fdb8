package dev.slipway.targets.qovery;

import java.time.Duration;
import java.time.Instant;

/**
 * What a deploy of ours is known by, besides its id.
 *
 * @param asked when it was asked for, by our clock
 * @param since the same by Qovery's clock: nothing before it is ours
 */
record DeployCriteria(QoveryVersion version, Instant asked, Instant since) {
  boolean isYoungerThan(Duration age, Instant now) {
    return Duration.between(asked, now).compareTo(age) < 0;
  }
}
