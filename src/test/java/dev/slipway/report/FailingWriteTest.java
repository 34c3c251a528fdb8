package dev.slipway.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fakes.FakeEvent;
import dev.slipway.fakes.FakeGitHub;
import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.http.Http;
import dev.slipway.intake.Accept;
import dev.slipway.intake.EventRouter;
import dev.slipway.intake.Intake;
import dev.slipway.intake.NotStoredException;
import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.PollResult;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.run.OpenStartGate;
import dev.slipway.run.RouteTargets;
import dev.slipway.run.Worker;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import dev.slipway.store.Logs;
import dev.slipway.store.Outbox;
import dev.slipway.store.PostLimits;
import dev.slipway.store.Runs;
import dev.slipway.store.StoreException;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Launches;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.Target;
import dev.slipway.time.SettableTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The n-th write of a deployment's life fails, for each n: what is answered is kept, and each
 * deployment is started once and ends once.
 */
class FailingWriteTest {
  private static final Secret TOKEN = new Secret("ghp_0123456789abcdefghijklmnopqrstuvwxyz");
  private static final Duration LEASE = Duration.ofMillis(400);
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("fake"), null, QueuePolicy.LATEST);

  @TempDir Path folder;
  private final SettableTime time = new SettableTime();
  private final Fake target = new Fake();
  private final FakeGitHub github =
      new FakeGitHub(TOKEN, new Secret("never delivered"), time, _ -> {});
  private final Http http = new Http(Duration.ofSeconds(30), "Slipway/test");
  private FailingWrites failing;
  private Database database;
  private Intake intake;
  private Worker worker;
  private Reporter reporter;
  private Runs runs;

  /** A provider that has a deploy ready at the second look. */
  private static final class Fake implements Target {
    private final Map<Long, Integer> starts = new ConcurrentHashMap<>();
    private final Map<String, Integer> looks = new ConcurrentHashMap<>();

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public String destination() {
      return "the test";
    }

    @Override
    public AttemptLimits limits() {
      Duration hour = Duration.ofHours(1);
      return new AttemptLimits(hour, Duration.ZERO, hour, hour);
    }

    @Override
    public PreparedStart preview(Attempt attempt) {
      return Launches.of(
          fence -> {
            fence.confirm();
            starts.merge(attempt.deploymentId(), 1, Integer::sum);
            return new Verdict.Accepted("dep-" + attempt.deploymentId(), "");
          });
    }

    @Override
    public PollResult poll(Attempt attempt, String id, AttemptLog log) {
      return looks.merge(id, 1, Integer::sum) < 2
          ? new PollResult.Going("building", Duration.ofSeconds(2))
          : new PollResult.Over(new End.Succeeded(null, "Live"));
    }

    @Override
    public LookupResult lookUp(Attempt attempt, AttemptLog log) {
      return starts.containsKey(attempt.deploymentId())
          ? new LookupResult.Found("dep-" + attempt.deploymentId(), "it is there")
          : new LookupResult.NotThere("it is not there", Duration.ofSeconds(1));
    }

    @Override
    public StopResult stop(Attempt attempt, String id, AttemptLog log) {
      throw new AssertionError("nobody asked for " + id + " to be stopped");
    }
  }

  @BeforeEach
  void open() throws SQLException {
    failing = new FailingWrites();
    database = Database.open("jdbc:sqlite:" + file(), new DatabaseLogin(null, null));
    intake =
        new Intake(
            new Inbox(database, Duration.ofDays(1)), List.of(ROUTE), Duration.ofDays(365), time);
    runs = new Runs(database, LEASE);
    RunLog log = new RunLog(new Logs(database), new Redactor(List.of()), time);
    worker =
        new Worker(
            runs,
            new RouteTargets(
                Map.of("default", List.of(target)),
                Launches.EXECUTOR,
                new OpenStartGate(),
                Integer.MAX_VALUE),
            log,
            new Redactor(List.of()),
            time,
            time,
            "test");
    worker.acceptHandovers();
    reporter =
        new Reporter(
            new Outbox(database, "127.0.0.1", Duration.ofMinutes(2), PostLimits.ANY),
            new Github(
                new GithubConfig(github.address(), TOKEN, GithubConfig.API_VERSION), http, time),
            deployment -> Optional.of("https://slipway.example/" + deployment.id()),
            time);
  }

  @AfterEach
  void close() throws InterruptedException {
    // Its clock knows no waiting: a run that outlived its database would ask for it without end
    worker.stop(Duration.ZERO, Duration.ofSeconds(30));
    database.close();
    failing.close();
    github.close();
    http.close();
  }

  private Path file() {
    return folder.resolve(FailingWrites.FOLDER).resolve("slipway.db");
  }

  private List<String> states(long githubId) {
    return github.statusesOf(githubId).stream().map(FakeEvent.StatusCreated::state).toList();
  }

  private Optional<Decision> deliver(long githubId) {
    github.create(githubId, FakeGitHub.REPOSITORY, "production", "%040x".formatted(githubId));
    String json =
        """
        {"action":"created","deployment":{"id":%d,"sha":"%040x","ref":"main","task":"deploy",
        "environment":"production","payload":{},"description":"","creator":{"login":"mia"}},
        "repository":{"id":7,"full_name":"octo-org/hello-world","private":false}}\
        """
            .formatted(githubId, githubId);
    Delivery delivery =
        new Delivery(
            UUID.randomUUID().toString(),
            "deployment",
            DeliverySource.WEBHOOK,
            "key",
            "",
            time.instant());
    try {
      return Optional.of(
          Accept.delivery(
              intake,
              new EventRouter.Sender("127.0.0.1", Optional.of("127.0.0.1")),
              delivery,
              json.getBytes(StandardCharsets.UTF_8)));
    } catch (NotStoredException e) {
      return Optional.empty();
    }
  }

  /** As the next process would see it. */
  private long onDisk(String query) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getLong(1) : -1;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void work(long githubId) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (!states(githubId).contains("success") || worker.activeRuns() > 0) {
      assertThat(System.nanoTime()).as("#%d: %s", githubId, states(githubId)).isLessThan(until);
      try {
        boolean _ = worker.acquireBatch();
        if (!ReporterFixture.reportOne(reporter) && worker.activeRuns() == 0) {
          time.sleepUntil(reporter.nextDue().orElse(time.instant()));
        }
      } catch (StoreException e) {
        time.sleepUntil(time.instant().plusSeconds(1));
      }
    }
  }

  @ParameterizedTest
  @Timeout(180)
  @CsvSource({"ONE, 50, 50", "SOME, 50, 50", "MANY, 50, 50", "ANSWER_LOST, 10, 5"})
  void each_deployment_is_kept_started_and_ended_once(FailingWrites.Kind kind, int most, int sure)
      throws InterruptedException {
    for (int n = 1; n <= most; n += kind == FailingWrites.Kind.MANY ? 5 : 1) {
      long id = 1000L + n;
      failing.fail(kind, n);
      Optional<Decision> decision = deliver(id);
      boolean kept = onDisk("select count(*) from deployment where github_id = " + id) == 1;
      if (kind != FailingWrites.Kind.ANSWER_LOST) {
        assertThat(kept).as("write %d: %s", n, decision).isEqualTo(decision.isPresent());
      }
      for (int i = 0; decision.isEmpty(); i++) {
        assertThat(i).isLessThan(300);
        decision = deliver(id);
      }
      assertThat(onDisk("select count(*) from deployment where github_id = " + id)).isEqualTo(1);
      work(id);
      ended(n, id);
    }
    // How many commits there are depends on what shares one: accept, start, end, claim and post
    // never
    assertThat(failing.writes()).as("faults that came about").isGreaterThanOrEqualTo(sure);
  }

  private void ended(int n, long githubId) {
    long id = onDisk("select id from deployment where github_id = " + githubId);
    assertThat(target.starts.get(id)).as("starts with write %d failing", n).isEqualTo(1);
    assertThat(states(githubId))
        .as("statuses with write %d failing", n)
        .endsWith("success")
        .containsOnlyOnce("success")
        .doesNotContain("error", "failure");
    assertThat(onDisk("select count(*) from run where deployment_id = " + id)).isEqualTo(1);
    assertThat(
            onDisk(
                "select count(*) from log_chunk where body like '%Succeeded: Live%'"
                    + " and deployment_id = "
                    + id))
        .as("the log's last line with write %d failing", n)
        .isPositive();
  }
}
