package dev.slipway.targets.render;

import dev.slipway.check.Check;
import dev.slipway.check.CheckResult;
import dev.slipway.http.Reply;
import dev.slipway.secret.Secret;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderMessages;
import java.util.List;

/** Checks the service that is deployed, and with it the key. Never calls a deploy hook. */
final class RenderServiceCheck {
  private final String subject;
  private final ServiceId service;
  private final ProviderMessages messages;

  RenderServiceCheck(String subject, ServiceId service, ProviderMessages messages) {
    this.subject = subject;
    this.service = service;
    this.messages = messages;
  }

  /** Checks a service that is read with a key. */
  static RenderServiceCheck of(String subject, ServiceId service, ProviderCalls calls, Secret key) {
    return new RenderServiceCheck(
        subject, service, new RenderMessages(calls, List.of(key.reveal())).plain());
  }

  /** The check of a service that is deployed. */
  Check ofDeploys(RenderClient client) {
    return new Check(subject, () -> results(client.service()));
  }

  /** The check of a service of which one-off jobs run the last build. */
  Check ofJobs(RenderClient client) {
    return new Check(subject, () -> List.of(state(client.service())));
  }

  /** Calling the hook would deploy, and without a key nothing else can be asked. */
  static CheckResult unreadable(String subject) {
    return new CheckResult.Skipped(
        subject,
        "without RENDER_API_KEY nothing can be read, and the deploy hook is not called to find out",
        "set RENDER_API_KEY: deploys are followed to their end then, too");
  }

  /** What Render's description of the service tells of deploys. */
  List<CheckResult> results(Reply reply) {
    CheckResult state = state(reply);
    return reply instanceof Reply.Answered answered && isDescription(answered)
        ? List.of(state, autoDeploy(RenderService.from(answered.json())), overlap())
        : List.of(state);
  }

  /** Whether the service is there and runs. */
  CheckResult state(Reply reply) {
    if (!(reply instanceof Reply.Answered answered) || !answered.isSuccess()) {
      return unseen(reply);
    }
    if (!isDescription(answered)) {
      return new CheckResult.Failure(
          subject,
          "what answers is not Render's description of service " + service,
          "look at RENDER_API_URL and at proxies in between");
    }
    return RenderService.from(answered.json()).isSuspended()
        ? new CheckResult.Failure(
            subject,
            "Render has suspended service " + service,
            "resume it in Render's dashboard: while it is suspended nothing is deployed")
        : new CheckResult.Ok(subject, "Render shows service " + service);
  }

  private boolean isDescription(Reply.Answered answered) {
    return answered.isSuccess() && answered.json().path("id").asString("").equals(service.value());
  }

  private CheckResult unseen(Reply reply) {
    boolean isWrongKey = reply instanceof Reply.Answered answered && answered.status() == 401;
    String advice =
        isWrongKey
            ? "RENDER_API_KEY is wrong or was revoked: set a new one"
            : reply instanceof Reply.Answered
                ? "look at the id of the service, and that the key is of its workspace"
                : "look at the network, HTTPS_PROXY and RENDER_API_URL";
    return new CheckResult.Failure(
        subject, "service %s is not seen. %s".formatted(service, messages.of(reply)), advice);
  }

  private CheckResult autoDeploy(RenderService facts) {
    String what = subject + ", auto-deploy";
    return facts.deploysByItself()
        ? new CheckResult.Warning(
            what,
            "is on: Render deploys each push by itself, so a commit may be deployed twice, and one"
                + " deploy cancel the other",
            "turn it off in the service's settings")
        : new CheckResult.Ok(what, "is off");
  }

  /** Render's API has no field for it. */
  private CheckResult overlap() {
    return new CheckResult.Skipped(
        subject + ", overlapping deploys",
        "Render's API does not tell what a new deploy does to one that runs",
        "look at the service's settings: Override cancels the one that runs, Wait skips those between");
  }
}
