package dev.slipway.targets.render;

import dev.slipway.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long to wait before asking Render again. */
final class RenderWaits {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST_BLIND = Duration.ofMinutes(5);
  private static final long EPOCH_FROM = 1_000_000;

  private RenderWaits() {}

  /** What the answer itself asks for: {@code Retry-After}, else {@code Ratelimit-Reset}. */
  static Optional<Duration> asked(Reply.Answered answer, Instant now) {
    return answer
        .retryAfter(now)
        .or(() -> untilReset(answer, now))
        .map(wait -> wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait);
  }

  // Render's page calls the value epoch seconds and gives 45 as the example
  private static Optional<Duration> untilReset(Reply.Answered answer, Instant now) {
    return answer
        .header("Ratelimit-Reset")
        .map(String::strip)
        .filter(value -> value.matches("\\d{1,11}"))
        .map(Long::parseLong)
        .map(
            value ->
                value < EPOCH_FROM
                    ? Duration.ofSeconds(value)
                    : Duration.between(now, Instant.ofEpochSecond(value)));
  }

  /** Half of the time that has gone by, so that each wait is longer than the last. */
  static Duration growing(Instant since, Instant now) {
    return half(since, now, 10);
  }

  /** The same when nobody was reached, which costs Render nothing and may be over soon. */
  static Duration unreached(Instant since, Instant now) {
    return half(since, now, 2);
  }

  private static Duration half(Instant since, Instant now, int least) {
    long seconds = Duration.between(since, now).toSeconds() / 2;
    return Duration.ofSeconds(Math.clamp(seconds, least, 60));
  }

  /**
   * After an answer that did not show what was asked for. Within reason: an absurd wait would leave
   * a deployment unfinished for ever.
   *
   * @param failures how many there were in a row
   */
  static Duration beforeLooking(Reply reply, int failures, Instant now) {
    Duration wait = Duration.ofSeconds(Math.clamp(10L * failures, 10, 30));
    if (reply instanceof Reply.Answered answer) {
      wait = asked(answer, now).orElse(wait);
    }
    return wait.compareTo(LONGEST_BLIND) > 0 ? LONGEST_BLIND : wait;
  }
}
