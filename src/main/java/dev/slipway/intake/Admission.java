package dev.slipway.intake;

import dev.slipway.model.Actor;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.FreezeCalendar;
import dev.slipway.model.Gates;
import dev.slipway.model.GithubState;
import dev.slipway.model.Hold;
import dev.slipway.model.ProtectionRules;
import dev.slipway.model.QueueMember;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.QueuePosition;
import dev.slipway.model.Route;
import dev.slipway.model.Status;
import dev.slipway.store.ExistingDeployment;
import dev.slipway.store.IntakeTransaction;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.RunQueue;
import dev.slipway.store.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * Decides about a deployment that a route takes by what is stored, and stores what follows from the
 * decision. Lives as long as one transaction, which has the lock of the route's queue.
 */
final class Admission {
  private static final int NAMED = 10;
  private static final String DESTROYED = "its environment was destroyed: create a new deployment";

  private final IntakeTransaction transaction;
  private final Request request;
  private final RunQueue queue;
  private final Rules rules;
  private final Instant now;

  /** A deployment that came in, and the route that takes it. */
  record Request(Delivery delivery, Deployment deployment, Route route) {
    String queueKey() {
      return route.queueKey(deployment);
    }
  }

  /**
   * What is the same for all.
   *
   * @param deploymentsKept what was created longer ago than this is never started
   * @param calendar when no deployment of a route starts
   * @param redact takes secrets out of what a payload says
   */
  record Rules(Duration deploymentsKept, FreezeCalendar calendar, UnaryOperator<String> redact) {}

  Admission(
      IntakeTransaction transaction, RunQueue queue, Request request, Rules rules, Instant now) {
    this.transaction = transaction;
    this.request = request;
    this.queue = queue;
    this.rules = rules;
    this.now = now;
  }

  /** Decides about a deployment that somebody delivered or ordered. */
  Decision admit() {
    Optional<ExistingDeployment> existing = existing();
    if (existing.isPresent()) {
      return admit(existing.get());
    }
    Optional<String> tooOld = tooOld();
    return tooOld.isPresent() ? new Decision.Stale(tooOld.get()) : admitNew();
  }

  /**
   * Decides about a deployment that was found at GitHub: one that is known stays as it is, and what
   * is older than the newest of its environment is never started.
   */
  Decision admitRecovered() {
    Optional<ExistingDeployment> existing = existing();
    if (existing.isPresent()) {
      return new Decision.Duplicate(existing.get().deployment().id(), "it is known already");
    }
    return transaction.newerThan(deployment()).isPresent()
        ? new Decision.Stale(
            "a newer deployment of " + deployment().environment().name() + " was accepted before")
        : admitNew();
  }

  private Deployment deployment() {
    return request.deployment();
  }

  private Optional<ExistingDeployment> existing() {
    return deployment().githubId() == null
        ? Optional.empty()
        : transaction.findDeployment(deployment());
  }

  private Decision admit(ExistingDeployment existing) {
    long id = existing.deployment().id();
    return switch (existing.run().end()) {
      case null -> new Decision.Duplicate(id, alreadyHere(existing.run()));
      case End.Succeeded _ -> new Decision.Duplicate(id, "it has succeeded already");
      case End.Superseded _ -> new Decision.Stale("a newer deployment has replaced it");
      case End.Destroyed _ -> new Decision.Stale(DESTROYED);
      // A second hook, or GitHub's event for what the API created: nobody asked for a retry
      case End.Failed _, End.Errored _, End.Cancelled _
          when !transaction.isRedelivery(request.delivery(), id) ->
          new Decision.Duplicate(
              id,
              "it has not succeeded; to run it again, redeliver a delivery of it that came before");
      case End.Failed _, End.Errored _, End.Cancelled _ -> retry(existing);
    };
  }

  /** Decides about a known deployment that somebody wants to be run once more. */
  Decision admitRetry(long id) {
    ExistingDeployment existing = transaction.findDeployment(id).orElseThrow();
    return switch (existing.run().end()) {
      case null -> new Decision.Duplicate(id, alreadyHere(existing.run()));
      case End.Succeeded _ -> new Decision.Duplicate(id, "it has succeeded already");
      case End.Superseded(String reason) -> new Decision.Stale(reason);
      case End.Destroyed _ -> new Decision.Stale(DESTROYED);
      case End.Failed _, End.Errored _, End.Cancelled _ -> retry(existing);
    };
  }

  private Decision retry(ExistingDeployment existing) {
    long id = existing.deployment().id();
    Deployment deployment = existing.deployment().deployment();
    String environment = deployment.environment().name();
    OptionalLong newer = transaction.newerThan(deployment);
    if (newer.isPresent()) {
      return new Decision.Stale(
          "deployment %d of %s, which is newer, was accepted since"
              .formatted(newer.getAsLong(), environment));
    }
    OptionalLong live = transaction.liveAfter(id, deployment);
    return live.isPresent()
        ? new Decision.Stale(
            "%s has had another success since (deployment %d here)"
                .formatted(environment, live.getAsLong()))
        : retry(
            new QueueEntry(id, existing.run().number() + 1, deployment, existing.run().purpose()));
  }

  private static String alreadyHere(StoredRun run) {
    return run.state() == StoredRun.State.QUEUED ? "it waits already" : "it runs already";
  }

  /** A recorded delivery must not start anything again once its deployment was removed. */
  private Optional<String> tooOld() {
    if (deployment().createdAt().isBefore(now.minus(rules.deploymentsKept()))) {
      return Optional.of(
          "it was created at %s, and deployments are kept for %s days: create a new one"
              .formatted(deployment().createdAt(), rules.deploymentsKept().toDays()));
    }
    return transaction.isRemoved(deployment())
        ? Optional.of("it, or one that is newer, was removed for its age: create a new one")
        : Optional.empty();
  }

  /** Stores a deployment that was never seen before, whether or not it may join the queue. */
  private Decision admitNew() {
    OptionalLong newest = transaction.newerThan(deployment());
    QueueEntry entry =
        new QueueEntry(transaction.addDeployment(deployment(), now), 1, deployment());
    if (policy() == QueuePolicy.Mode.LATEST && newest.isPresent()) {
      String newer = "deployment " + newest.getAsLong() + ", which is newer, came before it";
      queue.reject(entry, request.route(), new End.Superseded("Stale: " + newer), now);
      return new Decision.Stale(newer);
    }
    Optional<Decision.OfDeployment> objection = objection(entry);
    if (objection.isPresent()) {
      queue.reject(entry, request.route(), end(objection.get()), now);
      return objection.get();
    }
    List<String> consequences = enqueue(entry);
    return new Decision.Accepted(
        entry.deploymentId(),
        "route \"" + request.route().name() + "\" takes it" + joined(consequences));
  }

  /** Runs a deployment again that did not succeed. */
  private Decision retry(QueueEntry entry) {
    Optional<Decision.OfDeployment> objection = objection(entry);
    if (objection.isPresent()) {
      return objection.get();
    }
    // The links that come with the new run live as long as those of the first did
    transaction.renewLinks(entry.deploymentId(), now);
    List<String> consequences = enqueue(entry);
    return new Decision.Retried(
        entry.deploymentId(),
        "it had not succeeded; this is run " + entry.runNumber() + joined(consequences));
  }

  private QueuePolicy.Mode policy() {
    return request.route().queuePolicy().mode();
  }

  private static End end(Decision objection) {
    return objection instanceof Decision.Gated
        ? new End.Errored("Refused: " + objection.reason())
        : new End.Cancelled("Turned away: " + objection.reason());
  }

  /** Why it may not join the queue; empty when it may. */
  private Optional<Decision.OfDeployment> objection(QueueEntry entry) {
    Optional<Decision.OfDeployment> gated =
        gate(entry.deployment()).map(reason -> new Decision.Gated(entry.deploymentId(), reason));
    return gated.or(
        () ->
            whoIsBefore(entry.deployment())
                .or(() -> rejectingHold(entry))
                .map(reason -> new Decision.Locked(entry.deploymentId(), reason)));
  }

  private Optional<String> gate(Deployment deployment) {
    Gates gates = request.route().protection().gates();
    return gates
        .objection(deployment)
        .or(
            () ->
                gates
                    .after()
                    .flatMap(
                        environment ->
                            gates.objection(
                                deployment, transaction.liveCommit(deployment, environment))));
  }

  private Optional<String> rejectingHold(QueueEntry entry) {
    return request.route().protection().whenLocked() == ProtectionRules.WhenLocked.REJECT
        ? hold(entry, freezeOverride(entry).isPresent()).map(Hold::text)
        : Optional.empty();
  }

  private Optional<Hold> hold(QueueEntry entry, boolean overridesFreeze) {
    Optional<Hold> lock = transaction.hold(entry.deployment(), now);
    return lock.isPresent() || overridesFreeze
        ? lock
        : rules.calendar().hold(request.route().name(), entry.deploymentId(), now);
  }

  /**
   * Why the deployment may start within freeze windows, if it may and says so. Who made it is known
   * of those that GitHub told of.
   */
  private Optional<String> freezeOverride(QueueEntry entry) {
    ProtectionRules protection = request.route().protection();
    Deployment deployment = entry.deployment();
    return !protection.freeze().isEmpty()
            && deployment.githubId() != null
            && protection.mayOverrideFreeze(deployment.creator())
        ? FreezeOverride.reason(deployment.payload(), rules.redact())
        : Optional.empty();
  }

  private Optional<String> whoIsBefore(Deployment deployment) {
    return policy() == QueuePolicy.Mode.REJECT
        ? queue
            .runningOrHead()
            .map(
                first ->
                    "%s has not ended, and route \"%s\" lets none wait"
                        .formatted(
                            first.nameBeside(
                                deployment.repository().fullName(),
                                deployment.environment().name()),
                            request.route().name()))
        : Optional.empty();
  }

  /** Adds the run to the queue as the route's policy says; the result is what it did to others. */
  private List<String> enqueue(QueueEntry entry) {
    List<String> consequences = new ArrayList<>();
    if (policy() == QueuePolicy.Mode.LATEST) {
      End end = new End.Superseded("Replaced by " + name(entry) + " before it started");
      List<QueueMember> replaced = queue.replaceWaiting(entry, end, now);
      replaced.stream()
          .limit(NAMED)
          .forEach(older -> consequences.add("replaces " + older.name() + ", which waited"));
      if (replaced.size() > NAMED) {
        consequences.add("replaces others, which waited");
      }
    }
    if (request.route().queuePolicy().cancelRunning()) {
      queue
          .requestStop(entry, new Fact.Replaced(now, name(entry)))
          .ifPresent(older -> consequences.add("stops " + older.name() + ", which runs"));
    }
    QueuePosition position = queue.enqueue(entry, request.route(), now);
    Optional<String> override = freezeOverride(entry);
    override.ifPresent(
        reason -> {
          Actor creator = new Actor(entry.deployment().creator(), Actor.Via.CHATOPS);
          Optional<Boolean> _ =
              transaction.overrideFreeze(entry.deploymentId(), creator, reason, now);
        });
    Optional<Hold> hold =
        position.ahead() == 0 && !request.route().isChatOps()
            ? hold(entry, override.isPresent())
            : Optional.empty();
    hold.ifPresent(found -> queue.hold(found, now));
    transaction.addStatus(
        entry.deploymentId(), entry.runNumber(), firstStatus(position, hold), now);
    if (!consequences.isEmpty()) {
      queue.updateStatuses(now);
    }
    return consequences;
  }

  private Status firstStatus(QueuePosition position, Optional<Hold> hold) {
    if (hold.isPresent()) {
      return new Status(GithubState.QUEUED, hold.get().text());
    }
    return position.ahead() == 0
        ? new Status(GithubState.IN_PROGRESS, "Starting on route " + request.route().name())
        : position.status();
  }

  private static String name(QueueEntry entry) {
    return QueueMember.name(entry.deployment().githubId(), entry.deploymentId());
  }

  private static String joined(List<String> consequences) {
    return consequences.isEmpty() ? "" : "; it " + String.join(" and ", consequences);
  }
}
