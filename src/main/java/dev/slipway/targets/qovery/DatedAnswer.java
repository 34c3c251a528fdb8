package dev.slipway.targets.qovery;

import dev.slipway.http.Reply;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * An answer that was understood.
 *
 * @param clockSkew how far Qovery's clock is ahead of ours
 */
record DatedAnswer(JsonNode json, Duration clockSkew) {
  /** Dates come in whole seconds and travel for a while. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  static DatedAnswer of(Reply.Answered answered, Instant now) {
    Duration ahead = answered.date().map(date -> Duration.between(now, date)).orElse(Duration.ZERO);
    return new DatedAnswer(answered.json(), ahead);
  }

  /** One of our instants by Qovery's clock, early rather than late. */
  Instant onQoveryClock(Instant ours) {
    return ours.plus(clockSkew).minus(SLACK);
  }
}
