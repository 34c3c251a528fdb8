package dev.slipway.control;

import dev.slipway.control.ChatOpsSubject.Search;
import dev.slipway.intake.DeploymentPayload;
import dev.slipway.model.Actor;
import dev.slipway.model.Attempt;
import dev.slipway.model.ChatOpsTask;
import dev.slipway.model.CleanText;
import dev.slipway.model.Decision;
import dev.slipway.model.Deployment;
import dev.slipway.model.Digest;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.LockScope;
import dev.slipway.secret.Redactor;
import dev.slipway.store.CancelResult;
import dev.slipway.store.ChatOpsAct;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.EnvironmentLocks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Carries out ChatOps tasks. The environment and the repository are those of the deployment; what
 * else there is to say stands in its payload. Who acts is who made the deployment.
 */
public final class ChatOpsCommands {
  /** A description may have any length. */
  private static final int LONGEST_REASON = 500;

  private final LockService locks;
  private final ReleaseService releases;
  private final DeploymentControl control;
  private final ChatOpsSubject subjects;
  private final Redactor redactor;
  private final boolean isOnlyHost;

  /**
   * @param isOnlyHost whether there is one GitHub host alone: who speaks for one of several changes
   *     nothing of the others
   */
  public ChatOpsCommands(
      LockService locks,
      ReleaseService releases,
      DeploymentControl control,
      DeploymentQueries deployments,
      Redactor redactor,
      boolean isOnlyHost) {
    this.redactor = redactor;
    this.isOnlyHost = isOnlyHost;
    this.locks = locks;
    this.releases = releases;
    this.control = control;
    this.subjects = new ChatOpsSubject(deployments);
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
    DeploymentPayload payload = DeploymentPayload.of(deployment);
    Optional<ChatOpsTask> task = ChatOpsTask.of(deployment.task());
    if (task.isEmpty()) {
      return new Answer.Declined("\"" + deployment.task() + "\" is no ChatOps task");
    }
    return switch (task.get()) {
      case LOCK -> lock(attempt, payload);
      case UNLOCK -> unlock(attempt);
      case CANCEL -> cancel(attempt, payload);
      case RETRY -> retry(attempt, payload);
      case ROLLBACK -> rollBack(attempt, payload);
      case PROMOTE -> promote(attempt, payload);
    };
  }

  private static ChatOpsAct act(Attempt attempt) {
    return new ChatOpsAct(attempt.deploymentId(), attempt.run());
  }

  private Answer lock(Attempt attempt, DeploymentPayload payload) {
    Deployment deployment = attempt.deployment();
    String reason = reason(deployment);
    if (reason.isEmpty()) {
      return new Answer.Declined(
          "A lock needs a reason: the deployment's description, or \"reason\" in its payload");
    }
    Optional<String> wanted = payload.text("for");
    Optional<Duration> ttl = wanted.flatMap(LockRequest::ttl);
    if (wanted.isPresent() && ttl.isEmpty()) {
      return new Answer.Declined("\"for\" in the payload " + LockRequest.TTL_RULE);
    }
    Answer locked =
        new Answer.Done(
            "Locked %s for %s: %s"
                .formatted(deployment.environment().name(), deployment.creator(), reason));
    if (subjects.doneBy(act(attempt)).isPresent()) {
      return locked;
    }
    EnvironmentLocks.Placement placement =
        locks.lock(
            new LockRequest(scope(deployment), deployment.creator(), reason, ttl),
            actor(deployment),
            act(attempt));
    return placement instanceof EnvironmentLocks.Placement.Taken(EnvironmentLock held)
        ? new Answer.Declined("Not locked: " + held.hold().text())
        : locked;
  }

  private Answer unlock(Attempt attempt) {
    Deployment deployment = attempt.deployment();
    String environment = deployment.environment().name();
    if (subjects.doneBy(act(attempt)).isPresent()) {
      return new Answer.Done("Unlocked " + environment);
    }
    return locks
        .unlock(scope(deployment), isOnlyHost, actor(deployment), act(attempt))
        .<Answer>map(
            removed ->
                new Answer.Done(
                    "Unlocked %s, which %s had locked: %s"
                        .formatted(environment, removed.owner(), removed.reason())))
        .orElseGet(() -> notUnlocked(deployment));
  }

  private Answer notUnlocked(Deployment deployment) {
    return locks
        .lockAtAllHosts(scope(deployment))
        .<Answer>map(
            held ->
                new Answer.Declined("Not unlocked, for all GitHub hosts: " + held.hold().text()))
        .orElseGet(() -> new Answer.Done(deployment.environment().name() + " is not locked"));
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

  private Answer cancel(Attempt attempt, DeploymentPayload payload) {
    ChatOpsAct act = act(attempt);
    OptionalLong earlier = subjects.doneBy(act);
    if (earlier.isPresent()) {
      return stopped(earlier.getAsLong());
    }
    return switch (subject(attempt, payload, subjects::underWay)) {
      case Search.None(String reason) -> new Answer.Declined(reason);
      case Search.Found(long id) -> cancel(attempt.deployment(), id, act);
    };
  }

  private Answer cancel(Deployment task, long id, ChatOpsAct act) {
    Optional<CancelResult> result = control.cancel(id, actor(task), reason(task), act);
    return switch (result.orElse(null)) {
      case null -> gone(id);
      case CancelResult.Ended _, CancelResult.Requested _ -> stopped(id);
      case CancelResult.AlreadyRequested(var first) ->
          new Answer.Declined(
              "%s is being stopped already: %s".formatted(subjects.capitalName(id), first.words()));
      case CancelResult.TooLate(End end) ->
          new Answer.Declined(
              "%s has ended already: %s, %s"
                  .formatted(subjects.capitalName(id), end.kind().code(), end.reason()));
    };
  }

  private Answer stopped(long id) {
    return new Answer.Done(
        "Cancelled %s; its own status says what came of it".formatted(subjects.name(id)));
  }

  private Answer retry(Attempt attempt, DeploymentPayload payload) {
    ChatOpsAct act = act(attempt);
    OptionalLong earlier = subjects.doneBy(act);
    if (earlier.isPresent()) {
      return retried(earlier.getAsLong());
    }
    return switch (subject(attempt, payload, subjects::ended)) {
      case Search.None(String reason) -> new Answer.Declined(reason);
      case Search.Found(long id) -> retry(attempt.deployment(), id, act);
    };
  }

  private Answer retry(Deployment task, long id, ChatOpsAct act) {
    return switch (control.retry(id, actor(task), reason(task), act).orElse(null)) {
      case null -> gone(id);
      case Decision.Retried _ -> retried(id);
      case Decision other ->
          new Answer.Declined(
              "%s is not run again: %s".formatted(subjects.capitalName(id), other.reason()));
    };
  }

  private Answer retried(long id) {
    return new Answer.Done(
        subjects.capitalName(id) + " runs again; its own status says how it ends");
  }

  private static Answer gone(long id) {
    return new Answer.Declined("Deployment %d was removed for its age".formatted(id));
  }

  /** The deployment that the payload names by GitHub's number, or the one that is meant without. */
  private Search subject(
      Attempt attempt, DeploymentPayload payload, Function<Deployment, Search> otherwise) {
    JsonNode named = payload.field("deployment");
    if (named.isMissingNode() || named.isNull()) {
      return otherwise.apply(attempt.deployment());
    }
    return payload
        .number("deployment")
        .map(number -> subjects.named(attempt.deployment(), number))
        .orElseGet(
            () -> new Search.None("\"deployment\" in the payload must be GitHub's number of one"));
  }

  private Answer rollBack(Attempt attempt, DeploymentPayload payload) throws InterruptedException {
    Deployment deployment = attempt.deployment();
    Optional<Long> to = payload.number("to");
    if (to.isEmpty() && !payload.field("to").isMissingNode()) {
      return new Answer.Declined("\"to\" in the payload must be Slipway's number of a deployment");
    }
    return place(
        attempt,
        new ReleaseRequest.Rollback(
            deployment.repository(),
            deployment.environment(),
            to.orElse(null),
            actor(deployment),
            reason(deployment)));
  }

  private Answer promote(Attempt attempt, DeploymentPayload payload) throws InterruptedException {
    Deployment deployment = attempt.deployment();
    Optional<String> from = payload.text("from");
    return from.isEmpty()
        ? new Answer.Declined("A promotion needs \"from\" in its payload: the other environment")
        : place(
            attempt,
            new ReleaseRequest.Promotion(
                deployment.repository(),
                new Environment(from.get(), false, false),
                deployment.environment(),
                actor(deployment),
                reason(deployment)));
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

  private String reason(Deployment deployment) {
    String reason =
        DeploymentPayload.of(deployment)
            .text("reason")
            .orElseGet(() -> deployment.description().strip());
    return CleanText.cut(redactor.redact(reason).text(), LONGEST_REASON);
  }
}
