package dev.slipway.targets;

import dev.slipway.http.Reply;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import java.time.Duration;
import java.time.Instant;

/**
 * What a reply to the request that starts a deploy means for the chain: the table of
 * docs/targets.md, for every provider. Only an answer that surely started nothing lets the chain go
 * on; whatever is in doubt is {@link Verdict.Unknown}.
 */
final class StartAnswers {
  private StartAnswers() {}

  /**
   * @param since when the attempt began
   * @param sent when the request was sent
   */
  static StartAnswer of(Reply reply, StartRules rules, Instant since, Instant sent, Instant now) {
    String words = rules.messages().of(reply);
    Duration elapsed = Duration.between(since, now);
    return switch (reply) {
      case Reply.NotSent(_, boolean mayPass) when mayPass ->
          new StartAnswer.Busy(words, rules.backoff(elapsed, false));
      case Reply.NotSent _ -> new Verdict.Refused(words);
      case Reply.Unanswered _ -> new Verdict.Unknown(words);
      case Reply.Answered answer when answer.isSuccess() -> rules.accepted(answer, sent);
      case Reply.Answered answer when isBusy(answer, rules) ->
          new StartAnswer.Busy(
              words,
              ProviderWaits.asked(answer, now).orElseGet(() -> rules.backoff(elapsed, true)));
      case Reply.Answered answer when isRefusal(answer) -> refused(words, answer, rules);
      case Reply.Answered _ -> new Verdict.Unknown(words);
    };
  }

  private static boolean isBusy(Reply.Answered answer, StartRules rules) {
    return switch (answer.status()) {
      case 409, 429, 503 -> true;
      default -> isRefusal(answer) && rules.isBusy(answer);
    };
  }

  /** A 408 or 499 may come from a proxy that stopped waiting for a provider that goes on. */
  private static boolean isRefusal(Reply.Answered answer) {
    return switch (answer.status()) {
      case 408, 499 -> false;
      default -> answer.status() >= 300 && answer.status() < 500;
    };
  }

  private static Verdict.Refused refused(String words, Reply.Answered answer, StartRules rules) {
    return new Verdict.Refused(rules.hint(answer).map(hint -> words + "; " + hint).orElse(words));
  }
}
