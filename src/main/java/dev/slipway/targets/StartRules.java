package dev.slipway.targets;

import dev.slipway.http.Reply;
import dev.slipway.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a provider adds to {@link StartAnswers}. It can make no doubtful answer a safe one. */
public interface StartRules {
  /** The head of the log's lines about the call: "Render API". */
  String logPrefix();

  /** Puts the provider's answers into words. */
  ProviderMessages messages();

  /**
   * Reads an answer of success.
   *
   * @param sent when the request was sent, by our clock
   */
  Verdict accepted(Reply.Answered answer, Instant sent);

  /** What to check after an answer that refuses the request; empty when it speaks for itself. */
  default Optional<String> hint(Reply.Answered refusal) {
    return Optional.empty();
  }

  /** Whether an answer that refuses the request only means that the provider is busy. */
  default boolean isBusy(Reply.Answered refusal) {
    return false;
  }

  /**
   * How long to wait before asking again, where no answer says.
   *
   * @param elapsed since the attempt began
   * @param isReached whether the provider answered
   */
  default Duration backoff(Duration elapsed, boolean isReached) {
    return ProviderWaits.growing(elapsed, isReached);
  }
}
