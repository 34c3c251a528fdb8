package dev.slipway.targets.render;

import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.LenientJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Cancels a deploy at Render. */
final class RenderCancel {
  private final RenderClient client;
  private final RenderLookup lookup;
  private final RenderMessages messages;

  RenderCancel(RenderClient client, RenderLookup lookup, RenderMessages messages) {
    this.client = client;
    this.lookup = lookup;
    this.messages = messages;
  }

  /**
   * Asks Render to cancel a deploy.
   *
   * @param found the deploy's id, where it was searched and found
   * @return what came of it, as half a sentence
   */
  String cancel(Attempt attempt, String id, @Nullable String found, AttemptLog log)
      throws InterruptedException {
    if (client.serviceId().isCronJob()) {
      return "not stopped: Render cannot cancel the deploy of a cron job";
    }
    return switch (RenderDeployId.parse(id)) {
      case RenderDeployId.Known(String deployId) -> cancel(deployId, log);
      case RenderDeployId.Pending(Instant sent) ->
          found == null ? searchAndCancel(attempt, sent, log) : cancel(found, log);
      case RenderDeployId.Invalid() -> "not stopped: no id of a deploy at Render";
    };
  }

  private String searchAndCancel(Attempt attempt, Instant sent, AttemptLog log)
      throws InterruptedException {
    return switch (lookup.search(sent, attempt.deployment().sha())) {
      case RenderLookup.Match(RenderDeploy deploy) -> cancel(deploy.id(), log);
      case RenderLookup.Unreadable(String reason, _, _) -> "not stopped: " + reason;
      case RenderLookup.NoMatch() -> "not stopped: Render shows no deploy to cancel";
    };
  }

  private String cancel(String deployId, AttemptLog log) throws InterruptedException {
    Call call = client.cancelRequest(deployId);
    log.log("Render API: " + call.described());
    return outcome(client.send(call), messages);
  }

  /** What came of a request to cancel a deploy or a job, as half a sentence. */
  static String outcome(Reply reply, RenderMessages messages) {
    if (!(reply instanceof Reply.Answered answer) || !answer.isSuccess()) {
      return "not stopped: " + messages.unseen(reply);
    }
    String status = LenientJson.text(answer.json().path("status")).orElse("canceled");
    return status.equals(RenderStatus.CANCELED.code())
        ? "cancelled at Render"
        : "Render was asked to cancel and says " + messages.clean(status);
  }
}
