package dev.slipway.targets;

import dev.slipway.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long to wait before asking a provider again. */
public final class ProviderWaits {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST_BLIND = Duration.ofMinutes(5);
  private static final long EPOCH_FROM = 1_000_000;

  private ProviderWaits() {}

  /**
   * What the answer itself asks for: {@code Retry-After}, else {@code Ratelimit-Reset}; never less
   * than a second, or asking would become a busy loop.
   */
  public static Optional<Duration> asked(Reply.Answered answer, Instant now) {
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

  /**
   * Half of the time that has gone by, so that each wait is longer than the last.
   *
   * @param isReached false when nobody was reached, which costs the provider nothing and may be
   *     over soon
   */
  static Duration growing(Duration elapsed, boolean isReached) {
    return Duration.ofSeconds(Math.clamp(elapsed.toSeconds() / 2, isReached ? 10 : 2, 60));
  }

  /**
   * After a read that did not show what was asked for.
   *
   * @param failures how many there were in a row
   */
  public static Duration afterFailure(Reply reply, int failures, Instant now) {
    return afterFailure(reply, Duration.ofSeconds(Math.clamp(10L * failures, 10, 30)), now);
  }

  /**
   * After a read that did not show what was asked for. Within reason: an absurd wait would leave a
   * deployment unfinished for ever.
   *
   * @param usual the wait where the answer asks for none
   */
  public static Duration afterFailure(Reply reply, Duration usual, Instant now) {
    Duration wait =
        reply instanceof Reply.Answered answer ? asked(answer, now).orElse(usual) : usual;
    return wait.compareTo(LONGEST_BLIND) > 0 ? LONGEST_BLIND : wait;
  }
}
