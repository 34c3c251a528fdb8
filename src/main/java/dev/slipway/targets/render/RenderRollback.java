package dev.slipway.targets.render;

import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.model.Deployment;
import dev.slipway.targets.PreparedStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes a deploy that Render has for a rollback, so that nothing is built again. It needs one of
 * exactly the commit that is wanted, that was live and has been replaced; without one the commit is
 * deployed as any other.
 */
final class RenderRollback {
  private final RenderClient client;
  private final RenderMessages messages;

  RenderRollback(RenderClient client, RenderMessages messages) {
    this.client = client;
    this.messages = messages;
  }

  /**
   * The request that rolls back; the given one where it is no rollback, or Render has no deploy.
   */
  PreparedStart.Request instead(Deployment deployment, PreparedStart.Request request)
      throws InterruptedException {
    String commit = deployment.sha();
    if (commit == null || client.serviceId().isCronJob() || !isRollback(deployment)) {
      return request;
    }
    Reply list = client.replaced();
    if (!(list instanceof Reply.Answered answer)
        || !answer.isSuccess()
        || !answer.json().isArray()) {
      return noted(
          request,
          "Render's former deploys cannot be listed (%s), so the commit is built again."
              .formatted(messages.unseen(list)));
    }
    Optional<RenderDeploy> former =
        StreamSupport.stream(answer.json().spliterator(), false)
            .flatMap(row -> RenderDeploy.from(row.path("deploy")).stream())
            .filter(deploy -> wasLive(deploy) && isOf(commit, deploy.commit()))
            .findFirst();
    return former
        .map(
            deploy ->
                new PreparedStart.Request(
                    plus(
                        request.notes(),
                        "Render rolls back to its deploy %s, without a build."
                            .formatted(deploy.id())),
                    client.rollbackRequest(deploy.id()),
                    request.version(),
                    request.rules()))
        .orElseGet(
            () ->
                noted(
                    request,
                    "Render lists no former deploy of this commit, so it is built again."));
  }

  /** Said by whoever made the deployment; at worst the commit goes live without a build. */
  private static boolean isRollback(Deployment deployment) {
    return JsonCodec.read(deployment.payload()).path("rollback").asBoolean(false);
  }

  private static boolean wasLive(RenderDeploy deploy) {
    return "deactivated".equals(deploy.status());
  }

  /** What Render leaves out cannot speak for a deploy here. */
  private static boolean isOf(String wanted, @Nullable String commit) {
    return wanted.equalsIgnoreCase(commit);
  }

  private static PreparedStart.Request noted(PreparedStart.Request request, String note) {
    return new PreparedStart.Request(
        plus(request.notes(), note), request.call(), request.version(), request.rules());
  }

  private static List<String> plus(List<String> notes, String note) {
    List<String> all = new ArrayList<>(notes);
    all.add(note);
    return all;
  }
}
