package dev.slipway.targets.render;

import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.StopResult;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.LenientJson;
import dev.slipway.targets.ProviderWaits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Cancels a deploy at Render. */
final class RenderCancel {
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private final RenderClient client;
  private final RenderLookup lookup;
  private final RenderMessages messages;
  private final InstantSource clock;

  RenderCancel(
      RenderClient client, RenderLookup lookup, RenderMessages messages, InstantSource clock) {
    this.client = client;
    this.lookup = lookup;
    this.messages = messages;
    this.clock = clock;
  }

  /** Asks Render to cancel a deploy, unless it may be somebody else's. */
  StopResult cancel(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    if (client.serviceId().isCronJob()) {
      return new StopResult.Done("not stopped: Render cannot cancel the deploy of a cron job");
    }
    return switch (RenderDeployId.parse(id)) {
      case RenderDeployId.Known(String deployId) -> cancel(deployId, log);
      case RenderDeployId.Pending(Instant sent) -> searchAndCancel(attempt, sent, log);
      case RenderDeployId.Invalid() ->
          new StopResult.Done("not stopped: no id of a deploy at Render");
    };
  }

  private StopResult searchAndCancel(Attempt attempt, Instant sent, AttemptLog log)
      throws InterruptedException {
    return switch (lookup.since(attempt, sent)) {
      case RenderLookup.Unreadable(String reason, Duration again, _) ->
          new StopResult.NotYet("not stopped: " + reason, again);
      case RenderLookup.Listed(List<RenderDeploy> deploys) when deploys.isEmpty() ->
          new StopResult.NotYet("not stopped: Render shows no deploy to cancel", AGAIN);
      case RenderLookup.Listed(List<RenderDeploy> deploys) when isSurelyOurs(deploys) ->
          cancel(deploys.getFirst().id(), log);
      // More time tells no more, for what was listed once stays on the list
      case RenderLookup.Listed _ ->
          new StopResult.Done(
              "not stopped: Render has not said which deploy is ours; cancel it in its dashboard");
    };
  }

  /** Another deploy of the same commit since our call may be somebody else's. */
  private static boolean isSurelyOurs(List<RenderDeploy> deploys) {
    RenderDeploy first = deploys.getFirst();
    return deploys.size() == 1 && first.trigger() != null && first.createdAt() != null;
  }

  private StopResult cancel(String deployId, AttemptLog log) throws InterruptedException {
    Call call = client.cancelRequest(deployId);
    log.log("Render API: " + call.described());
    return result(client.send(call), messages, clock.instant());
  }

  /** The result of a request to cancel a deploy or a job. */
  static StopResult result(Reply reply, RenderMessages messages, Instant now) {
    if (reply instanceof Reply.Answered answer && answer.isSuccess()) {
      String status = LenientJson.text(answer.json().path("status")).orElse("canceled");
      return new StopResult.Done(
          status.equals(RenderStatus.CANCELED.code())
              ? "cancelled at Render"
              : "Render was asked to cancel and says " + messages.clean(status));
    }
    String outcome = "not stopped: " + messages.unseen(reply);
    return mayBeCancelledLater(reply)
        ? new StopResult.NotYet(outcome, ProviderWaits.afterFailure(reply, AGAIN, now))
        : new StopResult.Done(outcome);
  }

  /** Render says 400 of a deploy that cannot be cancelled at the moment, too. */
  private static boolean mayBeCancelledLater(Reply reply) {
    return switch (reply) {
      case Reply.Answered answer ->
          answer.mayPass() || answer.status() == 400 || answer.status() == 409;
      case Reply.NotSent _, Reply.Unanswered _ -> true;
    };
  }
}
