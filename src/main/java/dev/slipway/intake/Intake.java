package dev.slipway.intake;

import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Origin;
import dev.slipway.model.Route;
import dev.slipway.store.Inbox;
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
  private static final int ROUTES_TOLD = 3;

  private final Inbox inbox;
  private final String home;
  private final List<Route> routes;
  private final Duration deploymentsKept;
  private final InstantSource clock;
  private final IgnoredEvents ignoredEvents;
  private volatile boolean closed;

  /**
   * @param home the GitHub host that we report to
   * @param deploymentsKept what was created longer ago than this is never started
   */
  public Intake(
      Inbox inbox, String home, List<Route> routes, Duration deploymentsKept, InstantSource clock) {
    this.inbox = inbox;
    this.home = home;
    this.routes = List.copyOf(routes);
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
    Optional<String> wrongHost = wrongHost(claimedHost);
    if (wrongHost.isPresent()) {
      return keep(delivery, new Decision.NoRoute(wrongHost.get()));
    }
    return switch (EventReader.read(delivery.event(), home, json, delivery.receivedAt())) {
      case Event.Created(Deployment deployment, Origin maker) ->
          receive(delivery, deployment, maker, this::decide);
      case Event.Ping(String advice) ->
          keep(delivery, new Decision.Ping(advice.isEmpty() ? "the hook looks right" : advice));
      case Event.Ignored(String reason) -> ignore(delivery, new Decision.IgnoredEvent(reason));
      case Event.Elsewhere(String reason) -> keep(delivery, new Decision.NoRoute(reason));
      case Event.Invalid(String reason) -> new Decision.Invalid(reason);
    };
  }

  /**
   * Ignores an event of a kind that nobody here acts on, whatever is in it. Needs no database.
   *
   * @param secret the name of the webhook secret that signed it
   * @return the decision, or nothing if {@link #receive} is to decide
   */
  public Optional<Decision> ignore(String event, Optional<String> claimedHost, String secret) {
    if (closed || wrongHost(claimedHost).isPresent()) {
      return Optional.empty();
    }
    Optional<Event.Ignored> ignored = EventReader.ignored(event);
    ignored.ifPresent(_ -> ignoredEvents.add(DeliverySource.WEBHOOK, secret, now()));
    return ignored.map(found -> new Decision.IgnoredEvent(found.reason()));
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

  private Optional<String> wrongHost(Optional<String> claimed) {
    return claimed.isPresent()
        ? claimed.filter(host -> !host.equalsIgnoreCase(home)).map(this::notHome)
        : Optional.of("github.com").filter(_ -> isServer()).map(this::notHome);
  }

  /**
   * A GitHub Enterprise Server always says in a header that it is one; GitHub's own hosts do not.
   */
  private boolean isServer() {
    return !home.equals("github.com") && !home.endsWith(".ghe.com");
  }

  /** How a deployment that a route takes is decided about, inside the transaction. */
  private interface Judge {
    Decision decide(Inbox.IntakeTransaction ledger, Arrival arrival);
  }

  /** A deployment that came in and the route that takes it. */
  private record Arrival(Delivery delivery, Deployment deployment, Route route, String lockKey) {}

  /** The deployment of a {@code deployment} event, if a route takes it and its maker. */
  public Optional<Deployment> candidate(byte[] json, Instant receivedAt) {
    return EventReader.read("deployment", home, json, receivedAt)
                instanceof Event.Created(Deployment deployment, Origin maker)
            && Route.first(routes, deployment)
                .filter(route -> route.foreign().objection(maker).isEmpty())
                .isPresent()
        ? Optional.of(deployment)
        : Optional.empty();
  }

  /**
   * Takes a {@code deployment} event that nobody delivered but a look at GitHub found. What is
   * known stays as it is, and what is older than the newest of its environment is never started.
   */
  public Decision recover(Delivery delivery, byte[] json) {
    return switch (EventReader.read("deployment", home, json, delivery.receivedAt())) {
      case Event.Created(Deployment deployment, Origin maker) ->
          receive(delivery, deployment, maker, this::decideFound);
      case Event.Ping(String reason) -> keep(delivery, new Decision.Ping(reason));
      case Event.Ignored(String reason) -> keep(delivery, new Decision.IgnoredEvent(reason));
      case Event.Elsewhere(String reason) -> keep(delivery, new Decision.NoRoute(reason));
      case Event.Invalid(String reason) -> keep(delivery, new Decision.Invalid(reason));
    };
  }

  /** Keeps that a look at GitHub found something which somebody else takes care of. */
  public Decision leave(Delivery delivery, String reason) {
    return keep(delivery, new Decision.Foreign(reason));
  }

  private Decision decideFound(Inbox.IntakeTransaction ledger, Arrival arrival) {
    Deployment deployment = arrival.deployment();
    Optional<Inbox.Known> known = known(ledger, deployment);
    if (known.isPresent()) {
      return new Decision.Duplicate(known.get().deployment().id(), "it is known already");
    }
    return ledger.newerThan(deployment).isPresent()
        ? new Decision.Stale(
            "a newer deployment of " + deployment.environment().name() + " was accepted before")
        : decide(ledger, arrival);
  }

  private Decision receive(Delivery delivery, Deployment deployment, Origin maker, Judge judge) {
    Optional<Route> route = Route.first(routes, deployment);
    if (route.isEmpty()) {
      return turnAway(delivery, deployment, new Decision.NoRoute(whyNoRoute(deployment)));
    }
    Optional<String> objection = route.get().foreign().objection(maker);
    return objection.isPresent()
        ? turnAway(delivery, deployment, new Decision.Foreign(objection.get()))
        : take(delivery, deployment, route.get(), judge);
  }

  /** Takes nothing from now on; what is being taken is still kept. */
  public void close() {
    closed = true;
  }

  /** Whether it takes what comes. */
  public boolean isOpen() {
    return !closed;
  }

  /** The route that would take this deployment. */
  public Optional<Route> routeOf(Deployment deployment) {
    return Route.first(routes, deployment);
  }

  /** The route with this name. */
  public Optional<Route> routeNamed(String name) {
    return routes.stream().filter(route -> route.name().equals(name)).findFirst();
  }

  /** The routes in the order in which they are asked. */
  public List<Route> routes() {
    return routes;
  }

  /**
   * Takes an order of the API, for a route that was found already. One whose GUID is known gets the
   * decision that was made then, or {@link Decision.Invalid} where its body is another.
   */
  public Decision take(Delivery delivery, Deployment deployment, Route route) {
    return kept(
        ledger -> {
          String lockKey = route.lockKey(deployment);
          ledger.hold(lockKey);
          return ledger
              .ordered(delivery.guid())
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
  public Optional<Inbox.Ordered> ordered(String guid) {
    return inbox.ordered(guid);
  }

  private Decision take(Delivery delivery, Deployment deployment, Route route, Judge judge) {
    return kept(
        ledger -> {
          String lockKey = route.lockKey(deployment);
          ledger.hold(lockKey);
          return decided(ledger, new Arrival(delivery, deployment, route, lockKey), judge);
        });
  }

  private static Decision decided(Inbox.IntakeTransaction ledger, Arrival arrival, Judge judge) {
    Decision decision = judge.decide(ledger, arrival);
    if (decision instanceof Decision.Stale) {
      ledger.turnedAway(arrival.delivery(), decision, arrival.deployment());
    } else {
      ledger.delivery(arrival.delivery(), decision);
    }
    return decision;
  }

  /** Only somebody who has it delivered again brings it back, not a route that is added later. */
  private Decision turnAway(Delivery delivery, Deployment deployment, Decision decision) {
    return kept(
        ledger -> {
          ledger.turnedAway(delivery, decision, deployment);
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
          ledger.delivery(delivery, decision);
          return decision;
        });
  }

  private Decision kept(Function<Inbox.IntakeTransaction, Decision> decision) {
    if (closed) {
      throw NotStoredException.stopping();
    }
    try {
      return inbox.record(decision);
    } catch (StoreException e) {
      throw NotStoredException.unwritable(e);
    }
  }

  private Decision decide(Inbox.IntakeTransaction ledger, Arrival arrival) {
    Deployment deployment = arrival.deployment();
    Optional<Inbox.Known> known = known(ledger, deployment);
    if (known.isPresent()) {
      return again(ledger, known.get(), arrival);
    }
    Optional<String> tooOld = tooOld(ledger, deployment);
    return tooOld.isPresent()
        ? new Decision.Stale(tooOld.get())
        : admission(ledger, arrival).ofNew(deployment);
  }

  /** A recorded delivery must not start anything again once its deployment was removed. */
  private Optional<String> tooOld(Inbox.IntakeTransaction ledger, Deployment deployment) {
    if (deployment.createdAt().isBefore(now().minus(deploymentsKept))) {
      return Optional.of(
          "it was created at %s, and deployments are kept for %s days: create a new one"
              .formatted(deployment.createdAt(), deploymentsKept.toDays()));
    }
    return ledger.isRemoved(deployment)
        ? Optional.of("it, or one that is newer, was removed for its age: create a new one")
        : Optional.empty();
  }

  private static Optional<Inbox.Known> known(
      Inbox.IntakeTransaction ledger, Deployment deployment) {
    return deployment.githubId() == null ? Optional.empty() : ledger.known(deployment);
  }

  private Admission admission(Inbox.IntakeTransaction ledger, Arrival arrival) {
    return new Admission(ledger, arrival.route(), arrival.lockKey(), now());
  }

  private Decision again(Inbox.IntakeTransaction ledger, Inbox.Known known, Arrival arrival) {
    long id = known.deployment().id();
    return switch (known.run().end()) {
      case null -> new Decision.Duplicate(id, alreadyHere(known.run()));
      case End.Succeeded _ -> new Decision.Duplicate(id, "it has succeeded already");
      case End.Superseded _ -> new Decision.Stale("a newer deployment has replaced it");
      case End.Failed _, End.Errored _, End.Cancelled _ -> {
        Deployment deployment = known.deployment().deployment();
        if (!ledger.hasTold(arrival.delivery(), id)) {
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
            .again(new Inbox.QueueEntry(id, known.run().number() + 1, deployment));
      }
    };
  }

  private static String alreadyHere(StoredRun run) {
    return run.state() == StoredRun.State.QUEUED ? "it waits in line already" : "it runs already";
  }

  private String notHome(String claimed) {
    return "the event comes from %s, but GITHUB_API_URL points to %s"
        .formatted(claimed.replaceAll("[^\\w.:-]", "?"), home);
  }

  /** Why no route takes the deployment: of each route the first thing that does not match. */
  public String whyNoRoute(Deployment deployment) {
    return routes.isEmpty()
        ? "no route is configured: set a target such as RENDER_DEPLOY_HOOK_URL or DEPLOY_CMD, or"
            + " write routes into slipway.yml"
        : "no route takes it: " + objections(deployment);
  }

  private String objections(Deployment deployment) {
    List<String> told =
        routes.stream()
            .limit(ROUTES_TOLD)
            .flatMap(route -> route.objection(deployment).stream())
            .toList();
    int others = routes.size() - told.size();
    return String.join("; ", told) + (others > 0 ? "; nor do %d others".formatted(others) : "");
  }

  private Instant now() {
    return clock.instant();
  }
}
