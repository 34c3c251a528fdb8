package dev.slipway.targets.http;

import dev.slipway.http.Reply;
import dev.slipway.model.Verdict;
import dev.slipway.targets.ProviderMessages;
import dev.slipway.targets.StartRules;
import java.time.Instant;
import java.util.Optional;

/** How the receiver's answer is read. */
record HttpStart(ProviderMessages messages) implements StartRules {
  static final String BAD_LINK =
      "its environment_url was left out: it is no short http(s) address without user and password";

  private static final int ACCEPTED = 202;
  private static final int OK = 200;

  @Override
  public String logPrefix() {
    return "HTTP";
  }

  @Override
  public Verdict accepted(Reply.Answered answer, Instant sent) {
    if (answer.status() == ACCEPTED) {
      return new Verdict.Accepted(
          HttpDeployId.CALLBACK, "The receiver accepted it; its callback says how it ends");
    }
    Optional<Outcome> outcome =
        answer.status() == OK ? Outcome.read(answer.json(), messages) : Optional.empty();
    return outcome
        .<Verdict>map(
            end ->
                new Verdict.Accepted(
                    HttpDeployId.of(end),
                    "The receiver answered at once"
                        + (Outcome.hasBadLink(answer.json()) ? "; " + BAD_LINK : "")))
        .orElseGet(
            () ->
                new Verdict.Unknown(
                    "the receiver answered %d, which is neither 202 nor 200 with a state"
                        .formatted(answer.status())));
  }

  @Override
  public Optional<String> hint(Reply.Answered refusal) {
    return switch (refusal.status()) {
      case 401, 403 -> Optional.of("check DEPLOY_HTTP_SECRET, and the receiver's clock");
      case 404 -> Optional.of("check DEPLOY_HTTP_URL");
      default -> Optional.empty();
    };
  }
}
