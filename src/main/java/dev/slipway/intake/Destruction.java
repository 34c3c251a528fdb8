package dev.slipway.intake;

import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.FreezeCalendar;
import dev.slipway.model.GithubState;
import dev.slipway.model.Hold;
import dev.slipway.model.PullRequest;
import dev.slipway.model.QueuePosition;
import dev.slipway.model.Route;
import dev.slipway.model.RunPurpose;
import dev.slipway.model.Status;
import dev.slipway.store.ExistingDeployment;
import dev.slipway.store.IntakeTransaction;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.RunQueue;
import dev.slipway.store.StoredDeployment;
import dev.slipway.store.StoredRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Has transient environments destroyed: adds a run of the destroy chain, of the deployment that
 * joined last, to the environment's queue. Lives as long as one transaction.
 */
final class Destruction {
  private static final int NAMED = 10;

  private final IntakeTransaction transaction;
  private final EventRouter router;
  private final FreezeCalendar calendar;
  private final Instant now;

  /**
   * @param calendar when no run of a route starts
   */
  Destruction(
      IntakeTransaction transaction, EventRouter router, FreezeCalendar calendar, Instant now) {
    this.transaction = transaction;
    this.router = router;
    this.calendar = calendar;
    this.now = now;
  }

  /**
   * Decides about the environments of a pull request that was closed. What was deployed after that,
   * or after the event came first, stays: an event that comes late or again knows nothing of a pull
   * request that was opened again. Of an event that was ignored at first, only the former tells.
   */
  Decision decide(EventRouter.Routing.Closed event, Delivery delivery) {
    PullRequest closed = event.pullRequest();
    Instant since = transaction.firstReceived(delivery).orElse(Instant.MAX);
    List<StoredDeployment> owned =
        transaction.transientEnvironments(closed.repository()).stream()
            .filter(
                stored ->
                    closed.owns(
                        stored.deployment(), PullRequestPayload.number(stored.deployment())))
            .toList();
    if (owned.isEmpty()) {
      return new Decision.IgnoredEvent("no transient environment belongs to " + closed.name());
    }
    // Always in the same order, or two transactions could wait for each other's queues
    List<StoredDeployment> ordered =
        owned.stream().sorted(Comparator.comparing(this::queueKey)).toList();
    List<String> done = new ArrayList<>();
    boolean isAny = false;
    for (StoredDeployment stored : ordered) {
      boolean isOfLaterTime = stored.deployment().createdAt().isAfter(event.at());
      if (isOfLaterTime || stored.acceptedAt().isAfter(since)) {
        done.add(
            stored.deployment().environment().name()
                + " stays, for it was deployed after "
                + (isOfLaterTime ? "that" : "this event came first"));
        continue;
      }
      DestroyResult result = destroy(stored, closed.name() + " was closed");
      isAny |= result instanceof DestroyResult.Begun;
      done.add(stored.deployment().environment().name() + " " + result.words());
    }
    String words =
        closed.name()
            + ": "
            + String.join("; ", done.subList(0, Math.min(NAMED, done.size())))
            + (done.size() > NAMED ? "; and " + (done.size() - NAMED) + " more" : "");
    return isAny ? new Decision.Destroying(words) : new Decision.IgnoredEvent(words);
  }

  private String queueKey(StoredDeployment stored) {
    return transaction
        .findDeployment(stored.id())
        .map(ExistingDeployment::run)
        .filter(run -> run.state() != StoredRun.State.ENDED)
        .map(StoredRun::queueKey)
        .or(
            () ->
                router
                    .routeOf(stored.deployment())
                    .map(route -> route.queueKey(stored.deployment())))
        .orElse("");
  }

  /**
   * Why nothing is to be done about an environment, or can be.
   *
   * @param newest the deployment to it that joined last
   * @param last its last run
   */
  static Optional<DestroyResult> obstacle(EventRouter router, Deployment newest, StoredRun last) {
    return isDestroyed(last)
        ? Optional.of(new DestroyResult.Already())
        : impossible(router, newest);
  }

  /** Whether a run destroys the environment, or has. */
  private static boolean isDestroyed(StoredRun last) {
    return last.purpose() instanceof RunPurpose.Destroy
        && (last.end() == null || last.end() instanceof End.Destroyed);
  }

  private static Optional<DestroyResult> impossible(EventRouter router, Deployment newest) {
    Optional<Route> route = router.routeOf(newest);
    if (route.isEmpty()) {
      return Optional.of(new DestroyResult.Impossible("no route takes its deployments any more"));
    }
    return route.get().destroyPolicy().destroys()
        ? Optional.empty()
        : Optional.of(
            new DestroyResult.Impossible(
                "route \"" + route.get().name() + "\" has no destroy chain"));
  }

  /**
   * Has one environment destroyed.
   *
   * @param newest the deployment to it that joined last
   * @param reason why, for people
   */
  DestroyResult destroy(StoredDeployment newest, String reason) {
    Deployment deployment = newest.deployment();
    Optional<DestroyResult> impossible = impossible(router, deployment);
    if (impossible.isPresent()) {
      return impossible.get();
    }
    RunQueue queue = transaction.lockQueue(queueKey(newest));
    // Read again now that nobody else can add a run
    StoredRun last = transaction.findDeployment(newest.id()).orElseThrow().run();
    if (isDestroyed(last)) {
      return new DestroyResult.Already();
    }
    if (!transaction.isNewestOfTransient(newest)) {
      return new DestroyResult.Impossible("a newer deployment to it came in between");
    }
    Route route = router.routeOf(deployment).orElseThrow();
    queue.endWaitingOf(deployment, new End.Superseded("Not started: " + reason), now);
    transaction.renewLinks(newest.id(), now);
    QueueEntry entry =
        new QueueEntry(
            newest.id(),
            last.number() + 1,
            deployment,
            new RunPurpose.Destroy(reason, route.destroyPolicy().deletesDeployments()));
    QueuePosition position = queue.enqueue(entry, route, now);
    Optional<Hold> hold = position.ahead() == 0 ? hold(newest, route) : Optional.empty();
    hold.ifPresent(found -> queue.hold(found, now));
    transaction.addStatus(
        entry.deploymentId(), entry.runNumber(), firstStatus(position, hold, reason), now);
    queue.updateStatuses(now);
    return new DestroyResult.Begun(entry.deploymentId());
  }

  private Optional<Hold> hold(StoredDeployment newest, Route route) {
    return transaction
        .hold(newest.deployment(), now)
        .or(() -> calendar.hold(route.name(), newest.id(), now));
  }

  private static Status firstStatus(QueuePosition position, Optional<Hold> hold, String reason) {
    if (hold.isPresent()) {
      return new Status(GithubState.QUEUED, hold.get().text());
    }
    return position.ahead() == 0
        ? new Status(GithubState.IN_PROGRESS, "Destroying: " + reason)
        : position.status();
  }
}
