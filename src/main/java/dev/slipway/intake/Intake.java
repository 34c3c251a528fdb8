package dev.slipway.intake;

import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Route;
import dev.slipway.store.AcceptedOrder;
import dev.slipway.store.Inbox;
import dev.slipway.store.IntakeTransaction;
import dev.slipway.store.KnownDeployment;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.StoreException;
import dev.slipway.store.StoredRun;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides what becomes of what comes in. When a method returns, the delivery, the decision, and
 * with it the deployment, its run and its first status are on disk; when it throws {@link
 * NotStoredException}, nothing is. Of events that are ignored nothing is kept but their number, and
 * that only after {@link #writeIgnored}.
 */
public final class Intake {
  private final Inbox inbox;
  private final EventRouter router;
  private final Duration deploymentsKept;
  private final InstantSource clock;
  private final IgnoredEvents ignoredEvents;
  private volatile boolean closed;

  /**
   * @param host the GitHub host that statuses are posted to
   * @param deploymentsKept what was created longer ago than this is never started
   */
  public Intake(
      Inbox inbox, String host, List<Route> routes, Duration deploymentsKept, InstantSource clock) {
    this.inbox = inbox;
    this.router = new EventRouter(host, routes);
    this.deploymentsKept = deploymentsKept;
    this.clock = clock;
    this.ignoredEvents = new IgnoredEvents(inbox);
  }

  /** Takes a delivery whose event is in memory. */
  public Decision receive(Delivery delivery, Optional<String> claimedHost, byte[] json) {
    return receive(delivery, claimedHost, new ByteArrayInputStream(json));
  }

  /**
   * Takes a delivery whose signature was found good.
   *
   * @param claimedHost the GitHub Enterprise host that the delivery names; it is not signed, so it
   *     can only keep a deployment out, never give it another identity
   * @param json the event itself, already out of any form encoding
   */
  public Decision receive(Delivery delivery, Optional<String> claimedHost, InputStream json) {
    EventRouter.Routing routing =
        router.decide(delivery.event(), claimedHost, json, delivery.receivedAt());
    return switch (routing) {
      case EventRouter.Routing.Concluded(Decision.Invalid invalid) -> invalid;
      case EventRouter.Routing.Concluded(Decision.IgnoredEvent ignored) ->
          ignore(delivery, ignored);
      case EventRouter.Routing _ -> store(delivery, routing, this::decide);
    };
  }

  /**
   * Ignores an event of a kind that nobody here acts on, whatever is in it. Needs no database.
   *
   * @param secret the name of the webhook secret that signed it
   * @return the decision, or nothing if {@link #receive} is to decide
   */
  public Optional<Decision> ignore(String event, Optional<String> claimedHost, String secret) {
    if (closed) {
      return Optional.empty();
    }
    Optional<Decision> ignored = router.ignore(event, claimedHost);
    ignored.ifPresent(_ -> ignoredEvents.add(DeliverySource.WEBHOOK, secret, now()));
    return ignored;
  }

  /**
   * Writes how many events were ignored since the last call; nothing if there were none. To be
   * called about once a second: a process that is killed forgets those that were not written.
   *
   * @throws StoreException when that is not possible; they are written the next time
   */
  public void writeIgnored() {
    ignoredEvents.write();
  }

  /** How a deployment that a route takes is decided about, inside the transaction. */
  private interface Judge {
    Decision decide(IntakeTransaction ledger, Arrival arrival);
  }

  /** A deployment that came in and the route that takes it. */
  private record Arrival(Delivery delivery, Deployment deployment, Route route, String lockKey) {}

  /** The deployment of a {@code deployment} event, if a route takes it and its origin. */
  public Optional<Deployment> candidate(byte[] json, Instant receivedAt) {
    return router.decide("deployment", new ByteArrayInputStream(json), receivedAt)
            instanceof EventRouter.Routing.Admitted(Deployment deployment, _)
        ? Optional.of(deployment)
        : Optional.empty();
  }

  /**
   * Takes a {@code deployment} event that nobody delivered but a look at GitHub found. What is
   * known stays as it is, and what is older than the newest of its environment is never started.
   */
  public Decision recover(Delivery delivery, byte[] json) {
    return store(
        delivery,
        router.decide("deployment", new ByteArrayInputStream(json), delivery.receivedAt()),
        this::decideFound);
  }

  /** Keeps that a look at GitHub found something which somebody else takes care of. */
  public Decision leave(Delivery delivery, String reason) {
    return keep(delivery, new Decision.Foreign(reason));
  }

  private Decision decideFound(IntakeTransaction ledger, Arrival arrival) {
    Deployment deployment = arrival.deployment();
    Optional<KnownDeployment> known = known(ledger, deployment);
    if (known.isPresent()) {
      return new Decision.Duplicate(known.get().deployment().id(), "it is known already");
    }
    return ledger.newerThan(deployment).isPresent()
        ? new Decision.Stale(
            "a newer deployment of " + deployment.environment().name() + " was accepted before")
        : decide(ledger, arrival);
  }

  private Decision store(Delivery delivery, EventRouter.Routing routing, Judge judge) {
    return switch (routing) {
      case EventRouter.Routing.Admitted(Deployment deployment, Route route) ->
          take(delivery, deployment, route, judge);
      case EventRouter.Routing.TurnedAway(Deployment deployment, Decision decision) ->
          turnAway(delivery, deployment, decision);
      case EventRouter.Routing.Concluded(Decision decision) -> keep(delivery, decision);
    };
  }

  /** Takes nothing from now on; what is being taken is still kept. */
  public void close() {
    closed = true;
  }

  /** Whether it takes what comes. */
  public boolean isOpen() {
    return !closed;
  }

  /** The decisions that need no database. */
  public EventRouter router() {
    return router;
  }

  /**
   * Takes an order of the API, for a route that was found already. One whose GUID is known gets the
   * decision that was made then, or {@link Decision.Invalid} where its body is another.
   */
  public Decision take(Delivery delivery, Deployment deployment, Route route) {
    return kept(
        ledger -> {
          String lockKey = route.lockKey(deployment);
          ledger.lock(lockKey);
          return ledger
              .findOrder(delivery.guid())
              .map(earlier -> earlier.again(delivery.digest()))
              .orElseGet(
                  () ->
                      decided(
                          ledger, new Arrival(delivery, deployment, route, lockKey), this::decide));
        });
  }

  /**
   * Keeps that GitHub is about to be asked to create what an order wants; on disk when this
   * returns.
   *
   * @return whether it is the first time; otherwise GitHub may have created it
   */
  public boolean beginGithubOrder(String guid) {
    try {
      return inbox.beginGithubOrder(guid, now());
    } catch (StoreException e) {
      throw NotStoredException.unwritable(e);
    }
  }

  /** GitHub surely created nothing for the order, so it may be asked again. */
  public void forgetGithubOrder(String guid) {
    inbox.forgetGithubOrder(guid);
  }

  /** The order of the API that came with this GUID. */
  public Optional<AcceptedOrder> ordered(String guid) {
    return inbox.findOrder(guid);
  }

  private Decision take(Delivery delivery, Deployment deployment, Route route, Judge judge) {
    return kept(
        ledger -> {
          String lockKey = route.lockKey(deployment);
          ledger.lock(lockKey);
          return decided(ledger, new Arrival(delivery, deployment, route, lockKey), judge);
        });
  }

  private static Decision decided(IntakeTransaction ledger, Arrival arrival, Judge judge) {
    Decision decision = judge.decide(ledger, arrival);
    if (decision instanceof Decision.Stale) {
      ledger.addRejectedDelivery(arrival.delivery(), decision, arrival.deployment());
    } else {
      ledger.addDelivery(arrival.delivery(), decision);
    }
    return decision;
  }

  /** Only somebody who has it delivered again brings it back, not a route that is added later. */
  private Decision turnAway(Delivery delivery, Deployment deployment, Decision decision) {
    return kept(
        ledger -> {
          ledger.addRejectedDelivery(delivery, decision, deployment);
          return decision;
        });
  }

  /** GitHub shows the reason; a row for each push of a busy hook would serve nobody. */
  private Decision ignore(Delivery delivery, Decision decision) {
    if (closed) {
      throw NotStoredException.stopping();
    }
    ignoredEvents.add(delivery.source(), delivery.secret(), delivery.receivedAt());
    return decision;
  }

  private Decision keep(Delivery delivery, Decision decision) {
    return kept(
        ledger -> {
          ledger.addDelivery(delivery, decision);
          return decision;
        });
  }

  private Decision kept(Function<IntakeTransaction, Decision> decision) {
    if (closed) {
      throw NotStoredException.stopping();
    }
    try {
      return inbox.record(decision);
    } catch (StoreException e) {
      throw NotStoredException.unwritable(e);
    }
  }

  private Decision decide(IntakeTransaction ledger, Arrival arrival) {
    Deployment deployment = arrival.deployment();
    Optional<KnownDeployment> known = known(ledger, deployment);
    if (known.isPresent()) {
      return again(ledger, known.get(), arrival);
    }
    Optional<String> tooOld = tooOld(ledger, deployment);
    return tooOld.isPresent()
        ? new Decision.Stale(tooOld.get())
        : admission(ledger, arrival).ofNew(deployment);
  }

  /** A recorded delivery must not start anything again once its deployment was removed. */
  private Optional<String> tooOld(IntakeTransaction ledger, Deployment deployment) {
    if (deployment.createdAt().isBefore(now().minus(deploymentsKept))) {
      return Optional.of(
          "it was created at %s, and deployments are kept for %s days: create a new one"
              .formatted(deployment.createdAt(), deploymentsKept.toDays()));
    }
    return ledger.isRemoved(deployment)
        ? Optional.of("it, or one that is newer, was removed for its age: create a new one")
        : Optional.empty();
  }

  private static Optional<KnownDeployment> known(IntakeTransaction ledger, Deployment deployment) {
    return deployment.githubId() == null ? Optional.empty() : ledger.findDeployment(deployment);
  }

  private Admission admission(IntakeTransaction ledger, Arrival arrival) {
    return new Admission(ledger, arrival.route(), arrival.lockKey(), now());
  }

  private Decision again(IntakeTransaction ledger, KnownDeployment known, Arrival arrival) {
    long id = known.deployment().id();
    return switch (known.run().end()) {
      case null -> new Decision.Duplicate(id, alreadyHere(known.run()));
      case End.Succeeded _ -> new Decision.Duplicate(id, "it has succeeded already");
      case End.Superseded _ -> new Decision.Stale("a newer deployment has replaced it");
      case End.Failed _, End.Errored _, End.Cancelled _ -> {
        Deployment deployment = known.deployment().deployment();
        if (!ledger.isRedelivery(arrival.delivery(), id)) {
          // A second hook, or GitHub's event for what the API created: nobody asked for a retry
          yield new Decision.Duplicate(
              id,
              "it has not succeeded; to run it again, redeliver a delivery of it that came before");
        }
        if (ledger.newerThan(deployment).isPresent()) {
          yield new Decision.Stale(
              "a newer deployment of " + deployment.environment().name() + " was accepted since");
        }
        yield admission(ledger, arrival)
            .again(new QueueEntry(id, known.run().number() + 1, deployment));
      }
    };
  }

  private static String alreadyHere(StoredRun run) {
    return run.state() == StoredRun.State.QUEUED ? "it waits in line already" : "it runs already";
  }

  private Instant now() {
    return clock.instant();
  }
}
