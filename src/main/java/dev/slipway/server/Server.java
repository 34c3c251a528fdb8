package dev.slipway.server;

import dev.slipway.api.ApiAccess;
import dev.slipway.api.DeployService;
import dev.slipway.api.DeploymentLinks;
import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.LogLinkConfig;
import dev.slipway.configuration.ReconcileConfig;
import dev.slipway.configuration.RouteConfig;
import dev.slipway.github.Github;
import dev.slipway.http.BaseUrl;
import dev.slipway.http.Http;
import dev.slipway.intake.Intake;
import dev.slipway.metrics.MetricsAccess;
import dev.slipway.process.ProgramVersion;
import dev.slipway.reconcile.Reconciler;
import dev.slipway.refusal.Refusals;
import dev.slipway.report.Posters;
import dev.slipway.report.Reporter;
import dev.slipway.run.RouteTargets;
import dev.slipway.run.StartGate;
import dev.slipway.run.Worker;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.CallbackKeys;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.secret.SignedLogLinks;
import dev.slipway.store.CommitNotifier;
import dev.slipway.store.Database;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.Logs;
import dev.slipway.store.Outbox;
import dev.slipway.store.ReceivedCallbacks;
import dev.slipway.store.ReconcileState;
import dev.slipway.store.Retention;
import dev.slipway.store.Runs;
import dev.slipway.store.StoreException;
import dev.slipway.targets.StartExecutor;
import dev.slipway.targets.Target;
import dev.slipway.time.SystemTime;
import dev.slipway.web.HttpServer;
import dev.slipway.web.OpenConnections;
import dev.slipway.webhook.WebhookHandler;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Slipway: the door, the workers, the reporter and the pages on one database. The whole
 * wiring is here, in the order in which things start; they stop in the opposite order.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Others wait while much is counted at once. */
  private static final Duration COUNTING = Duration.ofMillis(250);

  private static final Duration LOOK_AT_BODIES = Duration.ofMillis(200);
  private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(1);
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(2);

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final SystemTime time = new SystemTime();
  // Differs from the other while the clock was set and runs are in work
  private final SystemTime runTime = new SystemTime();
  private final Refusals refusals = new Refusals(time);
  private URI address = URI.create("http://localhost");

  private Server() {}

  /**
   * Starts everything; the door is open when this returns.
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

  private void open(Configuration configuration) {
    HttpServer server =
        part(
            HttpServer.prepare(
                configuration,
                List.of(
                    time,
                    refusals,
                    new OpenConnections(OpenConnections.most(), refusals),
                    new ApiAccess(configuration.access().apiToken()),
                    new MetricsAccess(configuration.access().metricsToken()))));
    Database database =
        part(Database.open(configuration.storage().databaseUrl(), configuration.storage().login()));
    Http http = part(new Http(HTTP_TIMEOUT, ProgramVersion.userAgent(), configuration.egress()));
    Github github = new Github(configuration.github(), http, time);
    Intake intake =
        new Intake(
            new Inbox(database, configuration.logLinks().ttl()),
            github.host(),
            configuration.routes().stream().map(RouteConfig::route).toList(),
            configuration.storage().periods().deployments(),
            time);
    parts.add(() -> writeLastIgnored(intake));
    Secret linkSecret = LogLinkKey.of(configuration.logLinks().secret(), database);
    LogUrls logUrls =
        new LogUrls(
            () -> publicBase(configuration), logLinks(configuration.logLinks(), linkSecret));
    StoredCallbacks callbacks =
        new StoredCallbacks(
            () -> publicBase(configuration),
            callbackKeys(configuration.logLinks(), linkSecret),
            new ReceivedCallbacks(database));
    Redactor redactor = new Redactor(configuration.secrets());
    StartGate gate =
        new OlderCommitGate(configuration.routes(), new DeploymentQueries(database), github);
    RunLog runLog = new RunLog(new Logs(database), redactor, time);
    Outbox outbox = new Outbox(database, LEASE, configuration.postLimits());
    WebhookHandler door =
        new WebhookHandler(configuration.webhookSecrets(), intake, refusals, time);
    part(
        Loop.start(
            "bodies",
            time,
            () -> {
              door.expireBodies();
              time.sleep(LOOK_AT_BODIES);
            }));
    part(
        Loop.start(
            "refusals",
            time,
            () -> {
              refusals.logNew();
              time.sleep(Refusals.WINDOW);
            }));
    part(
        Loop.start(
            "ignored events",
            time,
            () -> {
              intake.writeIgnored();
              time.sleep(LOOK);
            }));
    listen(
        server, configuration, database, github, outbox, intake, door, logUrls, callbacks, runLog);
    report(database, outbox, new Reporter(outbox, github, logUrls, time), github.hasCredential());
    Worker worker =
        worker(database, targets(configuration, http, callbacks, gate), runLog, redactor);
    work(
        worker,
        configuration.runs().stopGrace(),
        database,
        new ClockStepMonitor(time, runTime, outbox));
    reconcile(configuration, new ReconcileState(database), github, intake);
    part(
        Loop.start(
            "retention",
            time,
            new Sweeper(
                retention(database, configuration.storage().periods()),
                runFolders(configuration),
                time)));
    parts.add(intake::close);
  }

  private static Retention retention(Database database, Retention.Periods periods) {
    return new Retention(database, periods, RunLog.removalNotice(periods.logs()));
  }

  private static void writeLastIgnored(Intake intake) {
    try {
      intake.writeIgnored();
    } catch (StoreException e) {
      LOG.warn("The last ignored events are not counted: {}", e.getMessage());
    }
  }

  private static SignedLogLinks logLinks(LogLinkConfig config, Secret secret) {
    if (!config.isEnabled()) {
      return SignedLogLinks.off();
    }
    Secret former = config.previousSecret();
    return former == null ? new SignedLogLinks(secret) : new SignedLogLinks(secret, former);
  }

  /** Callbacks work without log links too, and share their secret. */
  private static CallbackKeys callbackKeys(LogLinkConfig config, Secret secret) {
    Secret former = config.previousSecret();
    return former == null ? new CallbackKeys(secret) : new CallbackKeys(secret, former);
  }

  private void reconcile(
      Configuration configuration, ReconcileState watch, Github github, Intake intake) {
    ReconcileConfig own = configuration.reconcile();
    if (own.every().isPositive()) {
      Reconciler reconcile =
          new Reconciler(github, intake, watch, own.policy(() -> publicBase(configuration)), time);
      part(
          Loop.start(
              "reconcile",
              time,
              () -> {
                boolean _ = reconcile.reconcile();
                time.sleep(own.every());
              }));
    }
  }

  private RouteTargets targets(
      Configuration configuration, Http http, StoredCallbacks callbacks, StartGate gate) {
    Map<String, List<Target>> targets =
        new TargetFactory(http, runTime, callbacks).targets(configuration.routes());
    targets.values().forEach(parts::addAll);
    return new RouteTargets(
        targets,
        new StartExecutor(http::send, runTime),
        gate,
        configuration.runs().commandsAtOnce());
  }

  private static Set<Path> runFolders(Configuration configuration) {
    return configuration.routes().stream()
        .flatMap(route -> route.targets().stream())
        .flatMap(entry -> entry.target().runDirectory().stream())
        .collect(Collectors.toSet());
  }

  private void listen(
      HttpServer http,
      Configuration configuration,
      Database database,
      Github github,
      Outbox outbox,
      Intake intake,
      WebhookHandler door,
      LogUrls logUrls,
      StoredCallbacks callbacks,
      RunLog runLog) {
    // Added a second time: this is the place at which it is closed when all had started
    address =
        part(http)
            .open(
                List.of(
                    database,
                    database.notifier(),
                    outbox,
                    intake,
                    github,
                    new DeploymentQueries(database),
                    new ReconcileState(database),
                    runLog,
                    logUrls.links(),
                    callbacks.keys(),
                    callbacks.received(),
                    door,
                    new DeployService(intake, github, time),
                    new DeploymentLinks(() -> publicBase(configuration), logUrls)));
  }

  /** Where nobody said what the public address is, it is this machine and the port we got. */
  private String publicBase(Configuration configuration) {
    return configuration.server().isPublicUrlDefault()
        ? "http://localhost:" + address.getPort()
        : BaseUrl.of(configuration.server().publicUrl()).toString();
  }

  /** Without a credential nothing is posted, and what waits is counted once in a while. */
  private void report(Database database, Outbox outbox, Reporter reporter, boolean posts) {
    outbox.makeAllDue(time.instant());
    heartbeat("holds", reporter::renewClaims);
    Posters posters = new Posters(reporter);
    CommitNotifier.Subscription listener =
        part(database.notifier().subscribe(posts ? CommitNotifier.OUTBOX : CommitNotifier.NOTHING));
    Loop loop =
        Loop.start(
            "reporter",
            time,
            () -> {
              if (!posters.startNext()) {
                boolean _ = listener.await(posts ? untilNext(reporter) : COUNTING);
              }
            });
    parts.add(() -> flush(loop, posters));
  }

  /** The last statuses of what has just ended need not wait for the next start. */
  private static void flush(Loop loop, Posters posters) throws InterruptedException {
    loop.close();
    Thread rest = Thread.ofVirtual().name("last statuses").start(() -> postRest(posters));
    if (!rest.join(FLUSH_LIMIT)) {
      rest.interrupt();
    }
    posters.stop();
    boolean _ = rest.join(FLUSH_LIMIT);
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

  private Duration untilNext(Reporter reporter) {
    Instant now = time.instant();
    return reporter
        .nextDue()
        .map(due -> Duration.between(now, due))
        .filter(wait -> wait.compareTo(LOOK) < 0)
        .orElse(LOOK);
  }

  private Worker worker(Database database, RouteTargets targets, RunLog runLog, Redactor redactor) {
    Runs runs = new Runs(database, LEASE);
    int orphans = runs.freeOrphans();
    if (orphans > 0) {
      LOG.info("Taking up {} runs that were left", orphans);
    }
    return new Worker(runs, targets, runLog, redactor, runTime, time, UUID.randomUUID().toString());
  }

  private void work(Worker worker, Duration grace, Database database, ClockStepMonitor watch) {
    heartbeat(
        "leases",
        () -> {
          worker.renewLeases();
          watch.look(worker.activeRuns());
        });
    parts.add(() -> worker.stop(grace, STOP_LIMIT));
    worker.acceptHandovers();
    CommitNotifier.Subscription listener =
        part(database.notifier().subscribe(CommitNotifier.QUEUE));
    part(
        Loop.start(
            "queue",
            time,
            () -> {
              worker.signalStops();
              while (worker.acquireBatch()) {
                LOG.debug("Took some runs");
              }
              boolean _ = listener.await(LOOK);
            }));
  }

  private void heartbeat(String name, Runnable beat) {
    part(
        Loop.start(
            name,
            time,
            () -> {
              beat.run();
              time.sleep(HEARTBEAT);
            }));
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.add(part);
    return part;
  }

  /** Where the door is, on this machine. */
  public URI address() {
    return address;
  }

  /**
   * Stops in the opposite order of the start: the door is closed, no run is taken any more,
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
