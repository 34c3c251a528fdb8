package dev.slipway.intake;

import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.Fact;
import dev.slipway.model.FreezeCalendar;
import dev.slipway.model.Route;
import dev.slipway.store.AcceptedOrder;
import dev.slipway.store.CancelResult;
import dev.slipway.store.ChatOpsAct;
import dev.slipway.store.ExistingDeployment;
import dev.slipway.store.Inbox;
import dev.slipway.store.IntakeTransaction;
import dev.slipway.store.RunQueue;
import dev.slipway.store.StoreException;
import dev.slipway.store.StoredDeployment;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Decides about deliveries, recovered events and orders of the API, and stores the decision. When a
 * method returns, the delivery, the decision, and with it the deployment, its run and its first
 * status are on disk; when it throws {@link NotStoredException}, nothing is. Of ignored events only
 * their number is stored, and that only after {@link #writeIgnored}.
 */
public final class Intake {
  private final Inbox inbox;
  private final EventRouter router;
  private final Admission.Rules rules;
  private final InstantSource clock;
  private final IgnoredEvents ignoredEvents;
  private volatile boolean closed;

  /**
   * @param deploymentsKept what was created longer ago than this is never started
   */
  public Intake(Inbox inbox, List<Route> routes, Duration deploymentsKept, InstantSource clock) {
    this(inbox, routes, deploymentsKept, text -> text, clock);
  }

  /**
   * @param deploymentsKept what was created longer ago than this is never started
   * @param redact takes secrets out of what a payload says to the audit and the log
   */
  public Intake(
      Inbox inbox,
      List<Route> routes,
      Duration deploymentsKept,
      UnaryOperator<String> redact,
      InstantSource clock) {
    this.inbox = inbox;
    this.router = new EventRouter(routes);
    this.rules = new Admission.Rules(deploymentsKept, new FreezeCalendar(routes), redact);
    this.clock = clock;
    this.ignoredEvents = new IgnoredEvents(inbox);
  }

  /** The decisions that need no database. */
  public EventRouter router() {
    return router;
  }

  /**
   * Accepts a delivery whose signature was verified.
   *
   * @param routing what the router decided about it
   */
  public Decision accept(Delivery delivery, EventRouter.Routing routing) {
    return switch (routing) {
      case EventRouter.Routing.Concluded(Decision.Invalid invalid) -> invalid;
      case EventRouter.Routing.Concluded(Decision.IgnoredEvent ignored) ->
          countIgnored(delivery, ignored);
      case EventRouter.Routing.Closed closed -> destroy(delivery, closed);
      case EventRouter.Routing _ -> store(delivery, routing, Admission::admit);
    };
  }

  /**
   * Ignores an event of a kind that is ignored whatever its body says. Needs no database.
   *
   * @param secret the name of the webhook secret that signed it
   * @return the decision; empty if the event has to be parsed and accepted
   */
  public Optional<Decision> ignore(EventRouter.Sender sender, String event, String secret) {
    if (closed) {
      return Optional.empty();
    }
    Optional<Decision> ignored = router.ignore(sender, event);
    ignored.ifPresent(_ -> ignoredEvents.add(DeliverySource.WEBHOOK, secret, clock.instant()));
    return ignored;
  }

  /**
   * Writes how many events were ignored since the last call; nothing if there were none. To be
   * called about once a second: a process that is killed loses those that were not written.
   *
   * @throws StoreException when that is not possible; they are written the next time
   */
  public void writeIgnored() {
    ignoredEvents.write();
  }

  /**
   * The deployment of a {@code deployment} event of a GitHub host, if a route takes it and its
   * origin.
   */
  public Optional<Deployment> candidate(String host, byte[] json, Instant receivedAt) {
    return router.route(host, "deployment", new ByteArrayInputStream(json), receivedAt)
            instanceof EventRouter.Routing.Admitted(Deployment deployment, _)
        ? Optional.of(deployment)
        : Optional.empty();
  }

  /**
   * Accepts a {@code deployment} event that was not delivered but found at a GitHub host. A known
   * deployment stays as it is, and what is older than the newest of its environment is never
   * started.
   */
  public Decision recover(String host, Delivery delivery, byte[] json) {
    return store(
        delivery,
        router.route(host, "deployment", new ByteArrayInputStream(json), delivery.receivedAt()),
        Admission::admitRecovered);
  }

  /** Stores that an event which was found at GitHub is not for us to start. */
  public Decision recordForeign(Delivery delivery, String reason) {
    return storeDelivery(delivery, new Decision.Foreign(reason));
  }

  /**
   * Accepts an order of the API, for a route that was found already. One whose GUID is known gets
   * the decision that was made then, or {@link Decision.Invalid} where its body is another.
   *
   * @param act what goes into the audit when the order is taken for the first time
   */
  public Decision acceptOrder(
      Delivery delivery, Deployment deployment, Route route, AuditEntry.Act act) {
    return transact(
        transaction -> {
          Admission admission =
              admission(transaction, new Admission.Request(delivery, deployment, route));
          return transaction
              .findOrder(delivery.guid())
              .map(earlier -> earlier.again(delivery.digest()))
              .orElseGet(
                  () -> {
                    Decision decision =
                        addDelivery(transaction, delivery, deployment, admission.admit());
                    auditOrder(transaction, decision, deployment, act);
                    return decision;
                  });
        });
  }

  /** GitHub's event may have come first; what is turned away is no act. */
  private void auditOrder(
      IntakeTransaction transaction, Decision decision, Deployment about, AuditEntry.Act act) {
    if (decision instanceof Decision.Accepted || decision instanceof Decision.Duplicate) {
      transaction.audit(
          AuditEntry.of(
              clock.instant(), act, ((Decision.OfDeployment) decision).deploymentId(), about));
    }
  }

  /**
   * Ends a deployment that waits, and requests that one stops that runs.
   *
   * @return what came of it; empty when there is no such deployment
   */
  public Optional<CancelResult> cancel(long id, Actor actor, String reason) {
    return cancel(id, actor, reason, _ -> {});
  }

  /**
   * The same for a ChatOps task; what it did is kept with it.
   *
   * @see #cancel(long, Actor, String)
   */
  public Optional<CancelResult> cancel(long id, Actor actor, String reason, ChatOpsAct act) {
    return cancel(id, actor, reason, transaction -> transaction.recordAct(act, id));
  }

  private Optional<CancelResult> cancel(
      long id, Actor actor, String reason, Consumer<IntakeTransaction> done) {
    Instant now = clock.instant();
    return transact(
        transaction ->
            transaction
                .findDeployment(id)
                .flatMap(
                    existing -> {
                      Optional<CancelResult> result =
                          transaction.cancel(
                              id, new Fact.CancelRequested(now, actor.name(), reason));
                      if (result.filter(CancelResult::hasEffect).isPresent()) {
                        audit(transaction, existing, AuditEntry.Action.CANCEL, actor, reason);
                        done.accept(transaction);
                      }
                      return result;
                    }));
  }

  /**
   * Runs a deployment once more that did not succeed, by the rules of a redelivery.
   *
   * @return {@link Decision.Retried}, or why not; empty when there is no such deployment
   */
  public Optional<Decision> retry(long id, Actor actor, String reason) {
    return retry(id, actor, reason, _ -> {});
  }

  /**
   * The same for a ChatOps task; what it did is kept with it.
   *
   * @see #retry(long, Actor, String)
   */
  public Optional<Decision> retry(long id, Actor actor, String reason, ChatOpsAct act) {
    return retry(id, actor, reason, transaction -> transaction.recordAct(act, id));
  }

  private Optional<Decision> retry(
      long id, Actor actor, String reason, Consumer<IntakeTransaction> done) {
    return transact(
        transaction -> {
          Optional<Decision> decision =
              transaction
                  .findDeployment(id)
                  .map(existing -> retry(transaction, existing, actor, reason));
          if (decision.filter(Decision.Retried.class::isInstance).isPresent()) {
            done.accept(transaction);
          }
          return decision;
        });
  }

  private Decision retry(
      IntakeTransaction transaction, ExistingDeployment existing, Actor actor, String reason) {
    Deployment deployment = existing.deployment().deployment();
    Optional<Route> route = routeAgain(existing);
    if (route.isEmpty()) {
      return new Decision.NoRoute(
          deployment.githubId() == null
              ? "there is no route \"%s\" any more".formatted(existing.run().route())
              : router.whyNoRoute(deployment));
    }
    Delivery delivery =
        new Delivery(
            "retry-" + UUID.randomUUID(),
            "deployment",
            DeliverySource.API,
            "",
            "",
            clock.instant());
    long id = existing.deployment().id();
    Decision decision =
        admission(transaction, new Admission.Request(delivery, deployment, route.get()))
            .admitRetry(id);
    if (decision instanceof Decision.Retried) {
      transaction.addDelivery(delivery, decision);
      audit(transaction, existing, AuditEntry.Action.RETRY, actor, reason);
    }
    return decision;
  }

  /**
   * An order may have named its route; GitHub's deployments are routed as a redelivery would be.
   */
  private Optional<Route> routeAgain(ExistingDeployment existing) {
    Deployment deployment = existing.deployment().deployment();
    return deployment.githubId() == null
        ? router.routeNamed(existing.run().route())
        : router.routeOf(deployment);
  }

  private void audit(
      IntakeTransaction transaction,
      ExistingDeployment about,
      AuditEntry.Action action,
      Actor actor,
      String reason) {
    transaction.audit(
        AuditEntry.of(
            clock.instant(),
            actor,
            action,
            about.deployment().id(),
            about.deployment().deployment(),
            reason));
  }

  /**
   * Stores that GitHub is about to be asked to create what an order wants.
   *
   * @return whether it is the first time; otherwise GitHub may have created it
   */
  public boolean beginGithubOrder(String guid) {
    try {
      return inbox.beginGithubOrder(guid, clock.instant());
    } catch (StoreException e) {
      throw NotStoredException.unwritable(e);
    }
  }

  /** Whether GitHub was, or is being, asked to create what this order wants. */
  public boolean hasBegunGithubOrder(String guid) {
    return inbox.hasBegunGithubOrder(guid);
  }

  /** Forgets an order for which GitHub surely created nothing, so that it may be asked again. */
  public void forgetGithubOrder(String guid) {
    inbox.forgetGithubOrder(guid);
  }

  /** The order of the API that came with this GUID. */
  public Optional<AcceptedOrder> findOrder(String guid) {
    return inbox.findOrder(guid);
  }

  /** Accepts nothing from now on; what is being stored is still stored. */
  public void close() {
    closed = true;
  }

  /** Whether it accepts what comes in. */
  public boolean isOpen() {
    return !closed;
  }

  private Decision store(
      Delivery delivery, EventRouter.Routing routing, Function<Admission, Decision> decide) {
    return switch (routing) {
      case EventRouter.Routing.Admitted(Deployment deployment, Route route) ->
          transact(
              transaction ->
                  addDelivery(
                      transaction,
                      delivery,
                      deployment,
                      decide.apply(
                          admission(
                              transaction, new Admission.Request(delivery, deployment, route)))));
      // Redelivery alone brings it back, not a route that is added later
      case EventRouter.Routing.TurnedAway(Deployment deployment, Decision decision) ->
          transact(
              transaction -> {
                transaction.addRejectedDelivery(delivery, decision, deployment);
                return decision;
              });
      case EventRouter.Routing.Closed closed -> destroy(delivery, closed);
      case EventRouter.Routing.Concluded(Decision decision) -> storeDelivery(delivery, decision);
    };
  }

  private Decision destroy(Delivery delivery, EventRouter.Routing.Closed closed) {
    Decision decision =
        transact(
            transaction -> {
              Decision decided =
                  new Destruction(transaction, router, rules.calendar(), clock.instant())
                      .decide(closed, delivery);
              if (decided instanceof Decision.Destroying) {
                transaction.addDelivery(delivery, decided);
              }
              return decided;
            });
    return decision instanceof Decision.IgnoredEvent ? countIgnored(delivery, decision) : decision;
  }

  /**
   * Has the transient environment destroyed to which this deployment was the last one.
   *
   * @param cause what statuses say it is destroyed for
   * @param reason why the actor wants it, for the audit
   */
  public DestroyResult destroy(StoredDeployment newest, String cause, Actor actor, String reason) {
    return transact(
        transaction -> {
          Instant now = clock.instant();
          DestroyResult result =
              new Destruction(transaction, router, rules.calendar(), now).destroy(newest, cause);
          if (result instanceof DestroyResult.Begun) {
            transaction.audit(
                AuditEntry.of(
                    now,
                    actor,
                    AuditEntry.Action.DESTROY,
                    newest.id(),
                    newest.deployment(),
                    reason));
          }
          return result;
        });
  }

  /**
   * Why a transient environment would not be destroyed, as far as can be told without trying; empty
   * when nothing speaks against it.
   */
  public Optional<DestroyResult> obstacle(ExistingDeployment newest) {
    return Destruction.obstacle(router, newest.deployment().deployment(), newest.run());
  }

  private Admission admission(IntakeTransaction transaction, Admission.Request request) {
    RunQueue queue = transaction.lockQueue(request.queueKey());
    return new Admission(transaction, queue, request, rules, clock.instant());
  }

  private static Decision addDelivery(
      IntakeTransaction transaction, Delivery delivery, Deployment deployment, Decision decision) {
    if (decision instanceof Decision.Stale) {
      transaction.addRejectedDelivery(delivery, decision, deployment);
    } else {
      transaction.addDelivery(delivery, decision);
    }
    return decision;
  }

  private Decision storeDelivery(Delivery delivery, Decision decision) {
    return transact(
        transaction -> {
          transaction.addDelivery(delivery, decision);
          return decision;
        });
  }

  /** GitHub shows the reason; a row for each push of a busy hook would serve nobody. */
  private Decision countIgnored(Delivery delivery, Decision decision) {
    requireOpen();
    ignoredEvents.add(delivery.source(), delivery.secret(), delivery.receivedAt());
    return decision;
  }

  private <T> T transact(Function<IntakeTransaction, T> work) {
    requireOpen();
    try {
      return inbox.record(work);
    } catch (StoreException e) {
      throw NotStoredException.unwritable(e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw NotStoredException.stopping();
    }
  }
}
