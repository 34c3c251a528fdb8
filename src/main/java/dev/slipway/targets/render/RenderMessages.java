package dev.slipway.targets.render;

import dev.slipway.http.Reply;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderMessages;
import java.util.List;

/** Puts Render's answers into words, and says what to check. */
final class RenderMessages {
  private final ProviderMessages plain;

  /**
   * @param secrets what the calls carry
   */
  RenderMessages(ProviderCalls calls, List<String> secrets) {
    this.plain = calls.messages("Render", secrets);
  }

  ProviderMessages plain() {
    return plain;
  }

  String of(Reply.Answered answer) {
    return plain.of(answer);
  }

  /** Why a read did not show what was asked for, with what to check. */
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
    return plain.of(reply) + hint;
  }

  String clean(String text) {
    return plain.clean(text);
  }
}
