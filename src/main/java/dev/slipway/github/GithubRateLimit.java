package dev.slipway.github;

import dev.slipway.http.Reply;
import java.util.Optional;

/**
 * GitHub's hourly limit and what is left of it, as the last answer said.
 *
 * @param limit calls in an hour
 * @param remaining calls that are left of them
 */
public record GithubRateLimit(int limit, int remaining) {
  static Optional<GithubRateLimit> parse(Reply reply) {
    return reply instanceof Reply.Answered answered
        ? number(answered, "X-RateLimit-Limit")
            .flatMap(
                limit ->
                    number(answered, "X-RateLimit-Remaining")
                        .map(remaining -> new GithubRateLimit(limit, remaining)))
        : Optional.empty();
  }

  private static Optional<Integer> number(Reply.Answered answered, String header) {
    return answered.header(header).filter(value -> value.matches("\\d{1,9}")).map(Integer::valueOf);
  }
}
