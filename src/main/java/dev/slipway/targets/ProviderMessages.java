package dev.slipway.targets;

import dev.slipway.http.Reply;
import dev.slipway.model.CleanText;
import dev.slipway.secret.Redactor;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts a provider's answers into words that may be kept and shown: one line of limited length,
 * without the secrets that the request carried or that are known otherwise, for a provider may
 * quote them.
 */
public final class ProviderMessages {
  private static final int LONGEST = 300;

  private final String provider;
  private final List<String> secrets;
  private final Redactor redactor;

  /**
   * @param secrets what the request carries
   * @param redactor knows those of the configuration
   */
  public ProviderMessages(String provider, List<String> secrets, Redactor redactor) {
    this.provider = provider;
    this.redactor = redactor;
    this.secrets = secrets.stream().filter(secret -> !secret.isEmpty()).toList();
  }

  /** What came of a call. */
  public String of(Reply reply) {
    return switch (reply) {
      case Reply.NotSent(String reason, _) -> provider + " was not reached: " + clean(reason);
      case Reply.Unanswered(String reason) -> clean(reason);
      case Reply.Answered answer -> of(answer);
    };
  }

  /** The status of an answer, and what the provider said with it. */
  public String of(Reply.Answered answer) {
    return Stream.of("message", "detail", "error", "title")
        .flatMap(field -> LenientJson.text(answer.json().path(field)).stream())
        .findFirst()
        .map(message -> "%s answered %d: %s".formatted(provider, answer.status(), clean(message)))
        .orElse(provider + " answered " + answer.status());
  }

  /** Hides secrets, and makes what is left one line, which is cut last. */
  public String clean(String text) {
    return CleanText.cut(CleanText.line(redactor.redact(hideSecrets(text)).text()), LONGEST);
  }

  /** Hides the secrets that the request carries, and nothing else. */
  public String hideSecrets(String text) {
    String shown = text;
    for (String secret : secrets) {
      shown = shown.replace(secret, Redactor.MASK);
    }
    return shown;
  }

  @Override
  public String toString() {
    return "ProviderMessages[" + provider + "]";
  }
}
