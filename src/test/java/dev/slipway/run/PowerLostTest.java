package dev.slipway.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.AttemptLimits;
import dev.slipway.model.CommandHost;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.server.Await;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.Lease;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeasedRuns;
import dev.slipway.store.Logs;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.Runs;
import dev.slipway.store.StoredRun;
import dev.slipway.store.TestDatabases;
import dev.slipway.targets.Launches;
import dev.slipway.targets.command.ProcessWatcher;
import dev.slipway.targets.command.Shell;
import dev.slipway.targets.command.ShellConfig;
import dev.slipway.time.SettableTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A command that is only intended: whether it ran may be lost with the power, or surely is not. */
@Timeout(60)
class PowerLostTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10));

  @TempDir Path folder;
  private final SettableTime time = new SettableTime();

  private Shell shell() {
    ShellConfig config =
        new ShellConfig(
            "touch begun",
            folder,
            folder.resolve("runs"),
            null,
            Map.of(),
            Duration.ofMinutes(10),
            Duration.ofMinutes(10),
            LIMITS);
    return new Shell("shell", config, time, new ProcessWatcher());
  }

  private static long accept(Database database) {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, "octo/hello"),
            42L,
            "a".repeat(40),
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    Route route =
        new Route(
            "default",
            RouteMatch.ANY,
            OriginPolicy.NONE,
            List.of("shell"),
            null,
            QueuePolicy.LATEST);
    return new Inbox(database, Duration.ofDays(1))
        .record(
            ledger -> {
              long id = ledger.addDeployment(deployment, T0);
              ledger.lockQueue("key").enqueue(new QueueEntry(id, 1, deployment), route, T0);
              return id;
            });
  }

  /** What a process leaves whose power goes, or that is killed, right after that commit. */
  private static void intend(Database database, Shell shell, @Nullable String boot)
      throws LeaseLostException {
    Runs runs = new Runs(database, Duration.ofSeconds(20));
    Lease lease = LeasedRuns.acquire(runs, "before", T0).orElseThrow().lease();
    CommandHost place = shell.host().orElseThrow();
    Fact intent =
        new Fact.Intended(
            T0,
            "shell",
            new CommandHost(place.id(), place.name(), boot),
            shell.destination(),
            LIMITS.total());
    runs.record(lease, List.of(intent), List.of(), "", T0);
    runs.release(lease);
  }

  /** How the run ends that the next process takes up. */
  private End end(Database database, Shell shell, long id) throws InterruptedException {
    Redactor redactor = new Redactor(List.of());
    Worker worker =
        new Worker(
            new Runs(database, Duration.ofSeconds(20)),
            new RouteTargets(
                Map.of("default", List.of(shell)), Launches.EXECUTOR, new OpenStartGate(), 1),
            new RunLog(new Logs(database), redactor, time),
            redactor,
            time,
            time,
            "after");
    try {
      assertThat(worker.acquireBatch()).isTrue();
      Await.until(() -> "in work", () -> worker.activeRuns() == 0);
    } finally {
      worker.stop(Duration.ZERO, Duration.ofSeconds(30));
    }
    StoredRun run = new DeploymentQueries(database).find(id).orElseThrow().run();
    return Optional.ofNullable(run.end()).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void what_was_intended_before_the_host_was_rebooted_may_have_run(TestDatabases kind)
      throws Exception {
    try (Database database = Database.open(kind.url(), new DatabaseLogin(null, null));
        Shell shell = shell()) {
      long id = accept(database);
      intend(database, shell, "an earlier boot");
      assertThat(end(database, shell, id))
          .isInstanceOf(End.Errored.class)
          .extracting(End::reason)
          .asString()
          .startsWith("Outcome unknown at shell")
          .endsWith("The host was rebooted; check what DEPLOY_CMD did");
      assertThat(folder.resolve("begun")).doesNotExist();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_was_intended_since_and_left_nothing_has_not_run(TestDatabases kind) throws Exception {
    try (Database database = Database.open(kind.url(), new DatabaseLogin(null, null));
        Shell shell = shell()) {
      long id = accept(database);
      intend(database, shell, shell.host().orElseThrow().boot());
      assertThat(end(database, shell, id)).isInstanceOf(End.Succeeded.class);
      assertThat(folder.resolve("begun")).exists();
    }
  }
}
