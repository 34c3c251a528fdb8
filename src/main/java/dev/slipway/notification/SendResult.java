package dev.slipway.notification;

import dev.slipway.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What came of sending a notification. */
sealed interface SendResult {
  /** The receiver has it. */
  record Delivered() implements SendResult {}

  /**
   * The receiver may not have it.
   *
   * @param retryAfter how long it asked us to wait; zero when it did not
   */
  record Failed(String problem, Duration retryAfter) implements SendResult {}

  /** The receiver wants no more. */
  record Gone(String problem) implements SendResult {}

  /** A wait that is longer is not believed. */
  Duration LONGEST_WAIT = Duration.ofHours(24);

  int GONE = 410;

  /** Reads a reply: whatever is not 2xx is a failure, redirects too. */
  static SendResult of(Reply reply, Instant now) {
    return switch (reply) {
      case Reply.NotSent(String reason, _) ->
          new Failed("The receiver was not reached: " + reason, Duration.ZERO);
      case Reply.Unanswered(String reason) -> new Failed(reason, Duration.ZERO);
      case Reply.Answered answer when answer.isSuccess() -> new Delivered();
      case Reply.Answered answer when answer.status() == GONE -> new Gone(described(answer));
      case Reply.Answered answer ->
          new Failed(
              described(answer),
              answer
                  .retryAfter(now)
                  .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)
                  .orElse(Duration.ZERO));
    };
  }

  private static String described(Reply.Answered answer) {
    return Optional.of(answer.body().strip())
        .filter(text -> !text.isEmpty())
        .map(text -> "The receiver answered %d: %s".formatted(answer.status(), text))
        .orElse("The receiver answered " + answer.status());
  }
}
