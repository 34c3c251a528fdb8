package dev.slipway.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.intake.Accept;
import dev.slipway.intake.Intake;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.server.Await;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import dev.slipway.store.Logs;
import dev.slipway.store.RecordedStatements;
import dev.slipway.store.Runs;
import dev.slipway.store.TestDatabases;
import dev.slipway.targets.Launches;
import dev.slipway.time.SettableTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often the database is asked on the way of one deployment. */
class CommitsTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("held"), null, QueuePolicy.LATEST);

  @TempDir Path folder;

  private static void deliver(Database database, long githubId) {
    Intake intake =
        new Intake(
            new Inbox(database, Duration.ofDays(1)),
            List.of(ROUTE),
            Duration.ofDays(365),
            () -> T0);
    String json =
        """
        {"action":"created","deployment":{"id":%d,"sha":"%040x","ref":"main","task":"deploy",
        "environment":"production","payload":{},"description":"","creator":{"login":"mia"}},
        "repository":{"id":7,"full_name":"octo-org/hello-world","private":false}}"""
            .formatted(githubId, githubId);
    var _ =
        Accept.delivery(
            intake,
            new Delivery("guid-" + githubId, "deployment", DeliverySource.WEBHOOK, "key", "", T0),
            Optional.empty(),
            json.getBytes(StandardCharsets.UTF_8));
  }

  private record Commits(long beforeTheCall, long behindIt) {}

  private static Commits commits(HeldTarget target) throws Exception {
    String url = TestDatabases.SQLITE.url();
    try (RecordedStatements recorded = new RecordedStatements(url);
        Database database = Database.open(url, new DatabaseLogin(null, null))) {
      Redactor redactor = new Redactor(List.of());
      Worker worker =
          new Worker(
              new Runs(database, Duration.ofSeconds(20)),
              new RouteTargets(
                  Map.of("default", List.of(target)), Launches.EXECUTOR, new OpenStartGate(), 1),
              new RunLog(new Logs(database), redactor, () -> T0),
              redactor,
              new SettableTime(T0),
              () -> T0,
              "this process");
      worker.acceptHandovers();
      List<RecordedStatements.Transaction> _ = recorded.takeTransactions();

      deliver(database, 42);
      target.held.await();
      List<RecordedStatements.Transaction> before = recorded.takeTransactions();
      target.release.countDown();
      Await.until(() -> "in work", () -> worker.activeRuns() == 0);
      List<RecordedStatements.Transaction> after = recorded.takeTransactions();
      worker.stop(Duration.ZERO, Duration.ofSeconds(30));
      return new Commits(
          before.size(), after.stream().filter(RecordedStatements.Transaction::isWrite).count());
    }
  }

  private HeldTarget target() {
    return new HeldTarget(
        HeldTarget.Point.IN_THE_CALL, folder, new AttemptLimits(HOUR, Duration.ZERO, HOUR, HOUR));
  }

  @Test
  void a_deployment_that_need_not_wait_takes_so_many_commits() throws Exception {
    assertThat(commits(target())).isEqualTo(new Commits(1, 2));
  }

  @Test
  void a_command_here_that_ends_at_once_takes_one_less() throws Exception {
    assertThat(commits(target().onThisMachine())).isEqualTo(new Commits(1, 1));
  }
}
