package dev.slipway.report;

import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.JsonBodies;
import dev.slipway.fakes.LoopbackServer;
import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.http.Http;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import dev.slipway.store.Outbox;
import dev.slipway.store.PostLimits;
import dev.slipway.store.QueueEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures how many statuses a second reach a GitHub without limits, one after another and side by
 * side. See docs/benchmarks.md.
 */
final class StatusBenchmark {
  private static final int STATUSES = 1000;
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);

  private StatusBenchmark() {}

  /**
   * Prints a row for each time that GitHub takes to answer.
   *
   * @param arguments a folder for the databases, then times in milliseconds
   */
  public static void main(String[] arguments) throws Exception {
    System.out.println("| GitHub answers after | one after another | side by side |");
    System.out.println("|---|---|---|");
    for (String millis : List.of(arguments).subList(1, arguments.length)) {
      Path folder = Path.of(arguments[0]);
      System.out.printf(
          "| %s ms | %.0f /s | %.0f /s |%n",
          millis,
          perSecond(folder, Integer.parseInt(millis), false),
          perSecond(folder, Integer.parseInt(millis), true));
    }
  }

  private static double perSecond(Path folder, int millis, boolean sideBySide)
      throws IOException, InterruptedException {
    Path file = Files.createTempDirectory(folder, "statuses").resolve("slipway.db");
    try (LoopbackServer server = github(millis);
        Database database = Database.open("jdbc:sqlite:" + file, new DatabaseLogin(null, null));
        Http http = new Http(Duration.ofSeconds(30), "Slipway/benchmark")) {
      for (long id = 1; id <= STATUSES; id++) {
        wait(database, id);
      }
      GithubConfig config =
          new GithubConfig(
              server.address(),
              new Secret("ghp_0123456789abcdefghijklmnopqrstuvwxyz"),
              GithubConfig.API_VERSION);
      Outbox outbox = new Outbox(database, "127.0.0.1", Duration.ofMinutes(2), PostLimits.ANY);
      Reporter reporter =
          new Reporter(
              outbox,
              new Github(config, http, Instant::now),
              deployment -> Optional.of("https://slipway.example/" + deployment.id()),
              Instant::now);
      long begun = System.nanoTime();
      if (sideBySide) {
        new Posters(reporter).postAll();
      } else {
        while (ReporterFixture.reportOne(reporter)) {
          Thread.onSpinWait();
        }
      }
      return STATUSES * 1e9 / (System.nanoTime() - begun);
    }
  }

  private static void wait(Database database, long githubId) {
    Deployment deployment =
        new Deployment(
            new Repository("127.0.0.1", 7, "octo-org/hello-world"),
            githubId,
            "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            Instant.now());
    long _ =
        new Inbox(database, Duration.ofDays(90))
            .record(
                ledger -> {
                  long id = ledger.addDeployment(deployment, Instant.now());
                  ledger
                      .lockQueue("key" + id)
                      .enqueue(new QueueEntry(id, 1, deployment), ROUTE, Instant.now());
                  ledger.addStatus(
                      id, 1, new Status(GithubState.IN_PROGRESS, "Starting"), Instant.now());
                  return id;
                });
  }

  /** Answers every post after a while; it keeps nothing, so that it costs little. */
  private static LoopbackServer github(int millis) {
    AtomicLong ids = new AtomicLong();
    return new LoopbackServer(
        _ -> {
          try {
            Thread.sleep(millis);
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
          return FakeResponse.json(201, JsonBodies.object().put("id", ids.incrementAndGet()));
        });
  }
}
