package dev.slipway.page;

import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.MissedDeliveries;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.IntakeTransaction;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.LeasedRuns;
import dev.slipway.store.Logs;
import dev.slipway.store.Outbox;
import dev.slipway.store.PostLimits;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.ReconcileState;
import dev.slipway.store.RunQueue;
import dev.slipway.store.Runs;
import dev.slipway.store.TestDatabases;
import dev.slipway.store.WrittenLog;
import io.micronaut.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One deployment that is kept in a database, and what a page reads of it. */
final class StoredPage implements AutoCloseable {
  static final Instant T0 = Instant.parse("2026-11-21T10:00:00.123Z");
  static final String SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";
  static final List<String> CHAIN = List.of("render-hook", "render-api", "ssh", "shell");

  final Database database =
      Database.open(TestDatabases.SQLITE.url(), new DatabaseLogin(null, null));
  final Logs logs = new Logs(database);
  final RunLog log = new RunLog(logs, new Redactor(List.of()), InstantSource.fixed(T0));
  final DeploymentQueries deployments = new DeploymentQueries(database);
  final PageSource source =
      new PageSource(
          deployments,
          log,
          new ReconcileState(database),
          database.notifier(),
          JsonMapper.createDefault());
  final Outbox outbox = new Outbox(database, "github.com", Duration.ofMinutes(1), PostLimits.ANY);
  MissedDeliveries silence = new MissedDeliveries("github.com", 0, T0);
  final long id;
  private final Runs runs = new Runs(database, Duration.ofMinutes(1));
  private Optional<LeasedRun> taken = Optional.empty();

  StoredPage() {
    this(42L);
  }

  StoredPage(@Nullable Long githubId) {
    id =
        new Inbox(database, Duration.ofDays(90))
            .record(ledger -> add(ledger, deployment(githubId)));
  }

  private static long add(IntakeTransaction ledger, Deployment deployment) {
    Route route =
        new Route("default", RouteMatch.ANY, OriginPolicy.NONE, CHAIN, null, QueuePolicy.LATEST);
    RunQueue _ = ledger.lockQueue("key");
    long id = ledger.addDeployment(deployment, T0);
    ledger.lockQueue("key").enqueue(new QueueEntry(id, 1, deployment), route, T0);
    ledger.addStatus(id, 1, new Status(GithubState.IN_PROGRESS, "Starting"), T0);
    return id;
  }

  /** What the audit gets when somebody revokes the links. */
  AuditEntry linksRevoked() {
    return AuditEntry.of(
        T0,
        new Actor("ann", Actor.Via.API),
        AuditEntry.Action.REVOKE_LINKS,
        id,
        deployment(null),
        "");
  }

  private static Deployment deployment(@Nullable Long githubId) {
    return new Deployment(
        new Repository("github.com", 7, "octo-org/hello-world"),
        githubId,
        SHA,
        "main",
        new Environment("production", false, true),
        "deploy",
        "{}",
        "",
        "mia",
        T0);
  }

  StoredPage isTaken() {
    taken = LeasedRuns.acquire(runs, "worker", T0);
    return this;
  }

  StoredPage has(Fact... facts) {
    return record(List.of(facts), List.of());
  }

  StoredPage says(Status... statuses) {
    return record(List.of(), List.of(statuses));
  }

  private StoredPage record(List<Fact> facts, List<Status> statuses) {
    try {
      runs.record(taken.orElseThrow().lease(), facts, statuses, "", T0);
    } catch (LeaseLostException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  /** Ends a minute and five seconds after it began. */
  StoredPage ends(End end) {
    try {
      runs.settle(taken.orElseThrow().lease(), List.of(), end, "", T0.plusSeconds(65));
    } catch (LeaseLostException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  StoredPage isPosted() {
    outbox.confirmPosted(outbox.claim(T0.plusSeconds(100)).orElseThrow(), 900, T0);
    return this;
  }

  StoredPage writes(String text) {
    WrittenLog.append(database, id, text);
    return this;
  }

  PageView view() {
    return new PagePresenter(deployments.find(id).orElseThrow(), silence)
        .view("/deployments/1/KEY", new Logs.Piece(0, "", 0), T0.plusSeconds(3));
  }

  @Override
  public void close() {
    database.close();
  }
}
