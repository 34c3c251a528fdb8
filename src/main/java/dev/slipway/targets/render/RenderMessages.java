package dev.slipway.targets.render;

import dev.slipway.http.Reply;
import java.util.List;

/**
 * Puts Render's answers into words that may be shown: one line, of a bearable length, without the
 * secrets that the request carried, for a provider may well quote them.
 */
record RenderMessages(List<String> secrets) {
  private static final int LONGEST = 200;

  RenderMessages {
    secrets = List.copyOf(secrets);
  }

  String of(Reply.Answered answer) {
    return LenientJson.text(answer.json().path("message"))
        .map(message -> "Render answered " + answer.status() + ": " + clean(message))
        .orElse("Render answered " + answer.status());
  }

  /** What went wrong when no answer, or a bad one, came. */
  String of(Reply reply) {
    return switch (reply) {
      case Reply.NotSent(String reason, _) -> "Render was not reached: " + clean(reason);
      case Reply.Unanswered(String reason) -> clean(reason);
      case Reply.Answered answer -> of(answer);
    };
  }

  /** The same for an answer to a question, with what to check. */
  String unseen(Reply reply) {
    String hint =
        switch (reply) {
          case Reply.Answered answer when answer.status() == 401 || answer.status() == 403 ->
              "; check RENDER_API_KEY";
          case Reply.Answered answer when answer.status() == 404 ->
              "; check that RENDER_API_KEY is of the workspace that has the service";
          case Reply.Answered answer when answer.isSuccess() -> " with no such thing in it";
          case Reply.Answered _, Reply.NotSent _, Reply.Unanswered _ -> "";
        };
    return of(reply) + hint;
  }

  String clean(String text) {
    String shown = text;
    for (String secret : secrets) {
      shown = shown.replace(secret, "***");
    }
    String line = shown.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  @Override
  public String toString() {
    return "Wording";
  }
}
