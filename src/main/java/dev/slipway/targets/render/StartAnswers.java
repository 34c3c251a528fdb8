package dev.slipway.targets.render;

import dev.slipway.http.Reply;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/** What Render's answer to a start means for the chain. */
final class StartAnswers {
  private final RenderMessages wording;
  private final InstantSource clock;
  private final String whatToCheck;

  /**
   * @param whatToCheck the settings that a refusal points to
   */
  StartAnswers(RenderMessages wording, InstantSource clock, String whatToCheck) {
    this.wording = wording;
    this.clock = clock;
    this.whatToCheck = whatToCheck;
  }

  /**
   * @param since when the first try of this attempt was made
   * @param accepted reads an answer of success
   */
  StartAnswer read(Reply reply, Instant since, Function<Reply.Answered, Verdict> accepted) {
    return switch (reply) {
      case Reply.NotSent(_, boolean mayPass) when mayPass ->
          new StartAnswer.Busy(wording.of(reply), RenderWaits.unreached(since, clock.instant()));
      case Reply.NotSent _ -> new Verdict.Refused(wording.of(reply));
      case Reply.Unanswered _ -> new Verdict.Unknown(wording.of(reply));
      case Reply.Answered answer when answer.isSuccess() -> accepted.apply(answer);
      case Reply.Answered answer -> unsuccessful(answer, since);
    };
  }

  private StartAnswer unsuccessful(Reply.Answered answer, Instant since) {
    return switch (answer.status()) {
      case 409, 429, 503 -> new StartAnswer.Busy(wording.of(answer), again(answer, since));
      case 401, 403, 404, 410 -> forbidden(answer);
      default ->
          answer.status() >= 300 && answer.status() < 500
              ? new Verdict.Refused(wording.of(answer))
              : new Verdict.Unknown(wording.of(answer));
    };
  }

  /** The refusal of a caller that may not, or of a service that is not there. */
  Verdict.Refused forbidden(Reply.Answered answer) {
    return new Verdict.Refused(wording.of(answer) + "; " + whatToCheck);
  }

  private Duration again(Reply.Answered answer, Instant since) {
    Instant now = clock.instant();
    return RenderWaits.asked(answer, now).orElseGet(() -> RenderWaits.growing(since, now));
  }
}
