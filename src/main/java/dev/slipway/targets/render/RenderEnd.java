package dev.slipway.targets.render;

import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Maps the end of a deploy at Render to the end of the deployment. */
final class RenderEnd {
  private final RenderClient client;
  private final ImageReference image;
  private final RenderMessages messages;

  RenderEnd(RenderClient client, ImageReference image, RenderMessages messages) {
    this.client = client;
    this.image = image;
    this.messages = messages;
  }

  End of(Attempt attempt, RenderDeploy deploy, RenderStatus status) throws InterruptedException {
    return switch (status.meaning()) {
      case SUCCEEDED -> succeeded(attempt, deploy, status);
      case FAILED -> failed(attempt, deploy, status);
      case CANCELLED -> cancelled(attempt, deploy);
      case WAITING, GOING -> throw new IllegalArgumentException(status + " is no end");
    };
  }

  private End succeeded(Attempt attempt, RenderDeploy deploy, RenderStatus status)
      throws InterruptedException {
    String sha = attempt.deployment().sha();
    String commit = deploy.commit();
    if (deploy.isOfAnotherCommit(sha)) {
      return new End.Failed(
          "Render went live with commit %s instead of %s (%s%s)"
              .formatted(
                  shortened(commit),
                  attempt.deployment().shortSha(),
                  deploy.id(),
                  client.serviceId().isCronJob() ? ", a cron job's commit cannot be pinned" : ""));
    }
    String wanted = image.of(attempt.deployment());
    ImageVersion.Match match = match(wanted, deploy);
    if (match == ImageVersion.Match.OTHER) {
      return new End.Failed(
          "Render went live with image %s instead of %s (%s)"
              .formatted(messages.clean(named(deploy)), wanted, deploy.id()));
    }
    String what =
        deploy.id()
            + (commit == null ? "" : " of commit " + shortened(commit))
            + (deploy.image() == null ? "" : " with image " + messages.clean(deploy.image()));
    boolean isPinned = image.namesCommit() && match == ImageVersion.Match.SAME;
    String doubt =
        (wanted != null && match == ImageVersion.Match.NOT_KNOWN ? "; image not compared" : "")
            + (sha != null && commit == null && !isPinned ? "; commit not compared" : "");
    return new End.Succeeded(url(), "Live on Render: " + what + status.words() + doubt);
  }

  private static ImageVersion.Match match(@Nullable String wanted, RenderDeploy deploy) {
    return wanted == null || (deploy.image() == null && deploy.imageDigest() == null)
        ? ImageVersion.Match.NOT_KNOWN
        : ImageVersion.of(wanted).match(live(deploy));
  }

  private static ImageVersion live(RenderDeploy deploy) {
    return deploy.image() == null
        ? new ImageVersion(null, deploy.imageDigest())
        : ImageVersion.of(deploy.image()).withDigest(deploy.imageDigest());
  }

  private static String named(RenderDeploy deploy) {
    return deploy.image() == null ? String.valueOf(deploy.imageDigest()) : deploy.image();
  }

  private End failed(Attempt attempt, RenderDeploy deploy, RenderStatus status)
      throws InterruptedException {
    String why =
        events(attempt)
            .flatMap(events -> events.failure(deploy.id()))
            .map(reason -> ": " + messages.clean(reason))
            .orElse("");
    return new End.Failed(
        status.words() + why + " (" + deploy.id() + "). The previous version keeps running");
  }

  /** Nobody's code is at fault here, so it is no failure: that would wake people for nothing. */
  private End cancelled(Attempt attempt, RenderDeploy deploy) throws InterruptedException {
    return events(attempt)
        .flatMap(events -> events.replacedBy(deploy.id()))
        .<End>map(
            newer ->
                new End.Superseded(
                    "Render cancelled %s for the newer deploy %s".formatted(deploy.id(), newer)))
        .orElseGet(
            () -> new End.Cancelled("Cancelled at Render, not by Slipway (" + deploy.id() + ")"));
  }

  private Optional<RenderEvents> events(Attempt attempt) throws InterruptedException {
    Reply reply = client.events(attempt.since().minus(RenderLookup.CLOCK_MARGIN));
    return reply instanceof Reply.Answered answer && answer.isSuccess()
        ? Optional.of(RenderEvents.from(answer.json()))
        : Optional.empty();
  }

  private @Nullable URI url() throws InterruptedException {
    Reply reply = client.service();
    return reply instanceof Reply.Answered answer && answer.isSuccess()
        ? RenderService.from(answer.json()).url().orElse(null)
        : null;
  }

  private String shortened(@Nullable String commit) {
    if (commit == null) {
      return "of an unknown id";
    }
    String named = messages.clean(commit);
    return named.substring(0, Math.min(7, named.length()));
  }
}
