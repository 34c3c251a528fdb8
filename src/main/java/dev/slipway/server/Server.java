package dev.slipway.server;

import dev.slipway.configuration.Configuration;
import dev.slipway.http.Http;
import dev.slipway.intake.Intake;
import dev.slipway.notification.NotificationSender;
import dev.slipway.reconcile.Reconciler;
import dev.slipway.refusal.Refusals;
import dev.slipway.report.Posters;
import dev.slipway.report.Reporter;
import dev.slipway.run.RouteTargets;
import dev.slipway.run.Worker;
import dev.slipway.setup.SetupLinks;
import dev.slipway.store.CommitNotifier;
import dev.slipway.store.Database;
import dev.slipway.store.InstanceId;
import dev.slipway.store.Notifications;
import dev.slipway.store.Outboxes;
import dev.slipway.store.PollRequests;
import dev.slipway.store.Runs;
import dev.slipway.store.StoreException;
import dev.slipway.time.SystemTime;
import dev.slipway.time.Time;
import dev.slipway.web.Beans;
import dev.slipway.web.HttpServer;
import dev.slipway.webhook.WebhookHandler;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Slipway: the HTTP server, the worker and the reporter on one database. The factories of
 * this package make the parts. This class starts them, in the order in which they stand here, and
 * stops them in the opposite order.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Others wait while much is counted at once. */
  private static final Duration COUNTING = Duration.ofMillis(250);

  /** To one webhook, each of another deployment. */
  private static final int SENT_AT_ONCE = 4;

  private static final Duration LOOK_AT_BODIES = Duration.ofMillis(200);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(1);
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(2);

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private URI address = URI.create("http://localhost");
  private Optional<String> setupLink = Optional.empty();

  private Server() {}

  /**
   * Starts everything; the HTTP server accepts connections when this returns.
   *
   * @throws dev.slipway.store.StoreException when the database cannot be opened
   */
  public static Server start(Configuration configuration) {
    Server server = new Server();
    boolean started = false;
    try {
      server.open(configuration);
      started = true;
      return server;
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  /**
   * The link to the page on which a GitHub App is made, for the first GitHub host that has no
   * credential. A secret.
   */
  public Optional<String> setupLink() {
    return setupLink;
  }

  private void open(Configuration configuration) {
    HttpServer http = part(HttpServer.prepare(configuration));
    Database database =
        part(Database.open(configuration.storage().databaseUrl(), configuration.storage().login()));
    Beans beans = http.awaitReady();
    beans.add(database);
    Http _ = part(beans.get(Http.class));
    GithubConnections _ = part(beans.get(GithubConnections.class));
    Time time = beans.get(SystemTime.class);
    Intake intake = beans.get(Intake.class);
    parts.add(() -> writeLastIgnored(intake));
    // Whatever adds a status from now on tells the outgoing webhooks
    Notifications _ = beans.get(Notifications.class);
    accept(beans, time);
    // Reads the database, which nobody's first request should be the first to do
    LogLinkKey _ = beans.get(LogLinkKey.class);
    InstanceId _ = beans.get(InstanceId.class);
    // Added a second time: this is the place at which it is closed when all had started
    address = part(http).open();
    beans.get(PublicAddress.class).listensOn(address.getPort());
    setupLink =
        configuration.githubHosts().stream()
            .filter(host -> !host.github().hasCredential())
            .findFirst()
            .map(host -> beans.get(SetupLinks.class).create(host.host()));
    report(beans, time);
    tell(beans, time);
    beans
        .get(HostDeleters.class)
        .all()
        .forEach(host -> repeat("deletions at " + host.host(), time, host::deleteDue, LOOK));
    work(beans, time, configuration.runs().stopGrace());
    reconcile(beans, time, configuration.reconcile().every());
    part(Loop.start("retention", time, beans.get(Sweeper.class)));
    parts.add(intake::close);
  }

  private void accept(Beans beans, Time time) {
    WebhookHandler webhooks = beans.get(WebhookHandler.class);
    Refusals refusals = beans.get(Refusals.class);
    Intake intake = beans.get(Intake.class);
    repeat("bodies", time, webhooks::expireBodies, LOOK_AT_BODIES);
    repeat("refusals", time, refusals::logNew, Refusals.WINDOW);
    repeat("ignored events", time, intake::writeIgnored, LOOK);
  }

  private static void writeLastIgnored(Intake intake) {
    try {
      intake.writeIgnored();
    } catch (StoreException e) {
      LOG.warn("The last ignored events are not counted: {}", e.getMessage());
    }
  }

  /** Each webhook has loops of its own, so that one that hangs holds up no other. */
  private void tell(Beans beans, Time time) {
    beans.get(Notifications.class).freeOrphans();
    CommitNotifier notifier = beans.get(CommitNotifier.class);
    for (NotificationSender sender : beans.get(NotificationSenders.class).all()) {
      for (int i = 0; i < SENT_AT_ONCE; i++) {
        CommitNotifier.Subscription listener = part(notifier.subscribe(CommitNotifier.OUTBOX));
        part(
            Loop.start(
                "notifications to " + sender.name(),
                time,
                () -> {
                  if (!sender.sendNext()) {
                    boolean _ = listener.await(LOOK);
                  }
                }));
      }
    }
  }

  /** Each host has a loop of its own, so that one that hangs or refuses holds up no other. */
  private void report(Beans beans, Time time) {
    HostPosters hosts = beans.get(HostPosters.class);
    CommitNotifier notifier = beans.get(CommitNotifier.class);
    List<Reporting> reporting =
        hosts.all().stream().map(host -> report(host, notifier, time)).toList();
    Outboxes outboxes = beans.get(Outboxes.class);
    repeat(
        "unknown hosts",
        time,
        () ->
            outboxes
                .unknown()
                .forEach(outbox -> outbox.keepWaiting(time.instant(), unknown(outbox.host()))),
        LOOK);
    parts.add(() -> flush(reporting));
  }

  private static String unknown(String host) {
    return "the configuration has no GitHub host %s any more: set GITHUB_API_URL, or github-hosts, to it"
        .formatted(host);
  }

  /** Without a credential nothing is posted, and what waits is counted once in a while. */
  private Reporting report(HostPosters.OfHost host, CommitNotifier notifier, Time time) {
    boolean posts = host.posts();
    Posters posters = host.posters();
    host.outbox().makeAllDue(time.instant());
    repeat("holds of " + host.host(), time, host.reporter()::renewClaims, HEARTBEAT);
    CommitNotifier.Subscription listener =
        part(notifier.subscribe(posts ? CommitNotifier.OUTBOX : CommitNotifier.NOTHING));
    Loop loop =
        Loop.start(
            "reporter of " + host.host(),
            time,
            () -> {
              if (!posters.startNext()) {
                boolean _ = listener.await(posts ? untilNext(host.reporter(), time) : COUNTING);
              }
            });
    return new Reporting(loop, posters);
  }

  /** What posts to one host, and its loop. */
  private record Reporting(Loop loop, Posters posters) {}

  /** All hosts get the same time at once. */
  private static void flush(List<Reporting> hosts) throws InterruptedException {
    List<Thread> flushing =
        hosts.stream()
            .map(host -> Thread.ofVirtual().name("last statuses").start(() -> flush(host)))
            .toList();
    for (Thread one : flushing) {
      one.join();
    }
  }

  /** The last statuses of what has just ended need not wait for the next start. */
  private static void flush(Reporting host) {
    try {
      host.loop().close();
      Thread rest = Thread.ofVirtual().name("rest").start(() -> postRest(host.posters()));
      if (!rest.join(FLUSH_LIMIT)) {
        rest.interrupt();
      }
      host.posters().stop();
      boolean _ = rest.join(FLUSH_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void postRest(Posters posters) {
    try {
      posters.postAll();
    } catch (InterruptedException outOfTime) {
      LOG.info("Statuses are left to the next start");
    } catch (StoreException e) {
      LOG.warn("Statuses are left to the next start: {}", e.getMessage());
    }
  }

  private static Duration untilNext(Reporter reporter, Time time) {
    Instant now = time.instant();
    return reporter
        .nextDue()
        .map(due -> Duration.between(now, due))
        .filter(wait -> wait.compareTo(LOOK) < 0)
        .orElse(LOOK);
  }

  private void work(Beans beans, Time time, Duration grace) {
    beans.get(RouteTargets.class).all().forEach(parts::add);
    int orphans = beans.get(Runs.class).freeOrphans();
    if (orphans > 0) {
      LOG.info("Taking up {} runs that were left", orphans);
    }
    Worker worker = beans.get(Worker.class);
    ClockStepMonitor clock = beans.get(ClockStepMonitor.class);
    repeat(
        "leases",
        time,
        () -> {
          worker.renewLeases();
          clock.look(worker.activeRuns());
        },
        HEARTBEAT);
    parts.add(() -> worker.stop(grace, STOP_LIMIT));
    worker.acceptHandovers();
    PollRequests polls = beans.get(PollRequests.class);
    CommitNotifier.Subscription listener =
        part(beans.get(CommitNotifier.class).subscribe(CommitNotifier.QUEUE));
    part(
        Loop.start(
            "queue",
            time,
            () -> {
              worker.signalStops();
              worker.signalPolls(polls);
              while (worker.acquireBatch()) {
                LOG.debug("Took some runs");
              }
              boolean _ = listener.await(LOOK);
            }));
  }

  private void reconcile(Beans beans, Time time, Duration every) {
    if (every.isPositive()) {
      beans.get(HostReconcilers.class).all().forEach(one -> reconcile(one, time, every));
    }
  }

  private void reconcile(Reconciler reconciler, Time time, Duration every) {
    part(
        Loop.start(
            "reconcile of " + reconciler.host(),
            time,
            () -> {
              boolean _ = reconciler.reconcile();
              time.sleep(every);
            }));
  }

  private void repeat(String name, Time time, Loop.Round round, Duration pause) {
    part(
        Loop.start(
            name,
            time,
            () -> {
              round.run();
              time.sleep(pause);
            }));
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.add(part);
    return part;
  }

  /** The address of the HTTP server on this machine. */
  public URI address() {
    return address;
  }

  /**
   * Stops in the opposite order of the start: the HTTP server is closed, no run is taken any more,
   * commands get their grace, statuses are flushed. Runs go on from their rows with the next start.
   */
  @Override
  public void close() {
    for (AutoCloseable part : parts.reversed()) {
      try {
        part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.error("A part did not stop as it should", e);
      }
    }
    parts.clear();
    stopped.countDown();
  }

  /** Whether the server has been closed, or is within the limit. */
  public boolean awaitStop(Duration limit) throws InterruptedException {
    return stopped.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }
}
