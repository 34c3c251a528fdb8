package dev.slipway.targets;

import dev.slipway.http.Reply;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts a provider's answers into words that may be kept and shown: one line of limited length,
 * without the secrets that the request carried, for a provider may quote them.
 */
public final class ProviderMessages {
  private static final int LONGEST = 300;
  private static final String HIDDEN = "***";

  private final String provider;
  private final List<String> secrets;

  public ProviderMessages(String provider, List<String> secrets) {
    this.provider = provider;
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

  /** Hides the secrets, and makes what is left one line. */
  public String clean(String text) {
    return line(hideSecrets(text));
  }

  /** Hides the secrets and nothing else. */
  public String hideSecrets(String text) {
    String shown = text;
    for (String secret : secrets) {
      shown = shown.replace(secret, HIDDEN);
    }
    return shown;
  }

  /** What a provider sent as one line of limited length. */
  public static String line(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
    return line.codePointCount(0, line.length()) <= LONGEST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST)) + "…";
  }

  @Override
  public String toString() {
    return "ProviderMessages[" + provider + "]";
  }
}
