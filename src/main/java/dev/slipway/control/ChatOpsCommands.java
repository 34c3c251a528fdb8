package dev.slipway.control;

import dev.slipway.http.JsonCodec;
import dev.slipway.model.Actor;
import dev.slipway.model.Attempt;
import dev.slipway.model.ChatOpsTask;
import dev.slipway.model.Decision;
import dev.slipway.model.Deployment;
import dev.slipway.model.Digest;
import dev.slipway.model.Environment;
import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.LockScope;
import dev.slipway.store.EnvironmentLocks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Carries out ChatOps tasks. The environment and the repository are those of the deployment; what
 * else there is to say stands in its payload. Who acts is who made the deployment.
 */
public final class ChatOpsCommands {
  private final LockService locks;
  private final ReleaseService releases;

  public ChatOpsCommands(LockService locks, ReleaseService releases) {
    this.locks = locks;
    this.releases = releases;
  }

  /** What came of a task. */
  public sealed interface Answer {
    /** It was done. */
    record Done(String text) implements Answer {}

    /** It was not, and nothing was changed. */
    record Declined(String reason) implements Answer {}
  }

  /** Does what the task of the attempt's deployment says; the same again changes nothing more. */
  public Answer execute(Attempt attempt) throws InterruptedException {
    Deployment deployment = attempt.deployment();
    Fields fields = new Fields(deployment);
    Optional<ChatOpsTask> task = ChatOpsTask.of(deployment.task());
    if (task.isEmpty()) {
      return new Answer.Declined("\"" + deployment.task() + "\" is no ChatOps task");
    }
    return switch (task.get()) {
      case LOCK -> lock(deployment, fields);
      case UNLOCK -> unlock(deployment);
      case ROLLBACK -> rollBack(attempt, fields);
      case PROMOTE -> promote(attempt, fields);
    };
  }

  private Answer lock(Deployment deployment, Fields fields) {
    String reason = fields.reason();
    if (reason.isEmpty()) {
      return new Answer.Declined(
          "A lock needs a reason: the deployment's description, or \"reason\" in its payload");
    }
    Optional<String> wanted = fields.text("for");
    Optional<Duration> ttl = wanted.flatMap(LockRequest::ttl);
    if (wanted.isPresent() && ttl.isEmpty()) {
      return new Answer.Declined("\"for\" in the payload " + LockRequest.TTL_RULE);
    }
    EnvironmentLocks.Placement placement =
        locks.lock(
            new LockRequest(scope(deployment), deployment.creator(), reason, ttl),
            actor(deployment));
    return placement instanceof EnvironmentLocks.Placement.Taken(EnvironmentLock held)
        ? new Answer.Declined("not locked: " + held.hold().text())
        : new Answer.Done(
            "Locked %s for %s: %s"
                .formatted(deployment.environment().name(), deployment.creator(), reason));
  }

  private Answer unlock(Deployment deployment) {
    String environment = deployment.environment().name();
    return locks
        .unlock(scope(deployment), actor(deployment))
        .<Answer>map(
            removed ->
                new Answer.Done(
                    "Unlocked %s, which %s had locked: %s"
                        .formatted(environment, removed.owner(), removed.reason())))
        .orElseGet(() -> new Answer.Done(environment + " is not locked"));
  }

  private static Actor actor(Deployment deployment) {
    return new Actor(deployment.creator(), Actor.Via.CHATOPS);
  }

  private static LockScope scope(Deployment deployment) {
    return new LockScope(
        deployment.repository().host(),
        deployment.repository().fullName(),
        deployment.environment().name());
  }

  private Answer rollBack(Attempt attempt, Fields fields) throws InterruptedException {
    Deployment deployment = attempt.deployment();
    JsonNode to = fields.field("to");
    if (!to.isMissingNode() && !(to.isIntegralNumber() && to.canConvertToLong())) {
      return new Answer.Declined("\"to\" in the payload must be Slipway's number of a deployment");
    }
    return place(
        attempt,
        new ReleaseRequest.Rollback(
            deployment.repository(),
            deployment.environment(),
            to.isMissingNode() ? null : to.longValue(),
            actor(deployment),
            fields.reason()));
  }

  private Answer promote(Attempt attempt, Fields fields) throws InterruptedException {
    Deployment deployment = attempt.deployment();
    Optional<String> from = fields.text("from");
    return from.isEmpty()
        ? new Answer.Declined("A promotion needs \"from\" in its payload: the other environment")
        : place(
            attempt,
            new ReleaseRequest.Promotion(
                deployment.repository(),
                new Environment(from.get(), false, false),
                deployment.environment(),
                actor(deployment),
                fields.reason()));
  }

  private Answer place(Attempt attempt, ReleaseRequest request) throws InterruptedException {
    String key = "chatops-" + attempt.deploymentId() + "-" + attempt.run();
    DeployService.Outcome outcome =
        releases.place(
            request,
            Digest.of(attempt.deployment().payload().getBytes(StandardCharsets.UTF_8)),
            Optional.of(key));
    return switch (outcome) {
      case DeployService.Outcome.Declined(_, String title, String detail) ->
          new Answer.Declined(title + ": " + detail);
      case DeployService.Outcome.Taken(Decision.OfDeployment decision) ->
          new Answer.Done("Deployment %d does it".formatted(decision.deploymentId()));
    };
  }

  /** What the payload says, be it an object or a text that holds one. */
  private record Fields(Deployment deployment, JsonNode payload) {
    Fields(Deployment deployment) {
      JsonNode given = JsonCodec.read(deployment.payload());
      this(deployment, given.isString() ? JsonCodec.read(given.stringValue()) : given);
    }

    JsonNode field(String name) {
      return payload.path(name);
    }

    Optional<String> text(String name) {
      return payload.path(name).stringValueOpt().map(String::strip).filter(text -> !text.isEmpty());
    }

    String reason() {
      return text("reason").orElseGet(() -> deployment.description().strip());
    }
  }
}
