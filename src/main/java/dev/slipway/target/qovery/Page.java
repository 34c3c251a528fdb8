package dev.slipway.target.qovery;

import dev.slipway.http.Reply;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import tools.jackson.databind.JsonNode;

/**
 * An answer that was understood.
 *
 * @param ahead how far Qovery's clock is ahead of ours
 */
record Page(JsonNode json, Duration ahead) {
  /** Dates come in whole seconds and travel for a while. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  static Page of(Reply.Answered answered, Instant now) {
    Duration ahead =
        answered
            .header("Date")
            .map(
                date -> {
                  try {
                    return Duration.between(
                        now,
                        ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
                  } catch (DateTimeException malformed) {
                    return Duration.ZERO;
                  }
                })
            .orElse(Duration.ZERO);
    return new Page(answered.json(), ahead);
  }

  /** One of our instants by Qovery's clock, early rather than late. */
  Instant theirs(Instant ours) {
    return ours.plus(ahead).minus(SLACK);
  }
}
