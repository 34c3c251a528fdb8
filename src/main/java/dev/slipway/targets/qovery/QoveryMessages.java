package dev.slipway.targets.qovery;

import dev.slipway.http.Reply;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderMessages;
import java.util.List;
import java.util.Optional;

/** Puts Qovery's answers into words, and says what to check. */
final class QoveryMessages {
  private final QoveryConfig config;
  private final ProviderMessages plain;

  QoveryMessages(QoveryConfig config, ProviderCalls calls) {
    this.config = config;
    this.plain = calls.messages("Qovery", List.of(config.account().token().reveal()));
  }

  ProviderMessages plain() {
    return plain;
  }

  String of(Reply.Answered answer) {
    return plain.of(answer);
  }

  String clean(String text) {
    return plain.clean(text);
  }

  /** The same with what to check. */
  String withHint(Reply.Answered answer) {
    return of(answer) + hint(answer).map(hint -> "; " + hint).orElse("");
  }

  /** What to check after an answer that refuses a call; empty when it speaks for itself. */
  Optional<String> hint(Reply.Answered answer) {
    return switch (answer.status()) {
      case 401 ->
          Optional.of(
              "the token was sent with scheme %s: check QOVERY_API_TOKEN and its scheme (Token for an API token, Bearer for a JWT)"
                  .formatted(config.account().scheme()));
      case 403 -> Optional.of("check that the role of QOVERY_API_TOKEN may do this");
      case 404 ->
          Optional.of("check " + config.kind().setting() + ", and that QOVERY_API_TOKEN sees it");
      default ->
          answer.status() < 400
              ? Optional.of("this is a redirect, check QOVERY_API_URL")
              : Optional.empty();
    };
  }

  /** Why nothing can be read about the service. */
  String unknownService() {
    return "Qovery knows no such %s; check %s and QOVERY_API_TOKEN"
        .formatted(config.kind().noun(), config.kind().setting());
  }

  /** Where an operator has to look when the outcome cannot be read by Slipway. */
  String whereToLook() {
    return "check the deployment history of the " + config.kind().noun() + " in Qovery's console";
  }
}
