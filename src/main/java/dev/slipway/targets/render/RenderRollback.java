package dev.slipway.targets.render;

import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.model.Deployment;
import dev.slipway.model.Verdict;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.ProviderMessages;
import dev.slipway.targets.StartRules;
import java.time.Duration;
import java.time.Instant;
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
                    new RollbackRules(request.rules(), deploy.id())))
        .orElseGet(
            () ->
                noted(
                    request,
                    "Render lists no former deploy of this commit, so it is built again."));
  }

  /**
   * Rolling back starts a deploy of its own. An answer with the one that was taken for it tells of
   * the past: that one was live long ago.
   *
   * @param former the deploy that was asked for
   */
  private record RollbackRules(StartRules ofDeploys, String former) implements StartRules {
    @Override
    public String logPrefix() {
      return ofDeploys.logPrefix();
    }

    @Override
    public ProviderMessages messages() {
      return ofDeploys.messages();
    }

    @Override
    public Verdict accepted(Reply.Answered answer, Instant sent) {
      return ofDeploys.accepted(answer, sent) instanceof Verdict.Accepted accepted
              && accepted.id().equals(former)
          ? new Verdict.Accepted(
              RenderDeployId.pending(RenderDeploy.Trigger.ROLLBACK, sent),
              "Render names %s, to which it goes back, and no new deploy; that is looked up"
                  .formatted(former))
          : ofDeploys.accepted(answer, sent);
    }

    @Override
    public Optional<String> hint(Reply.Answered refusal) {
      return ofDeploys.hint(refusal);
    }

    @Override
    public boolean isBusy(Reply.Answered refusal) {
      return ofDeploys.isBusy(refusal);
    }

    @Override
    public Duration backoff(Duration elapsed, boolean isReached) {
      return ofDeploys.backoff(elapsed, isReached);
    }
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
