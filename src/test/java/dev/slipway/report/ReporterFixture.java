package dev.slipway.report;

import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

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
import dev.slipway.store.ClaimedStatus;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.Outbox;
import dev.slipway.store.PostLimits;
import dev.slipway.store.QueueEntry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpRequest;
import org.mockserver.model.HttpResponse;

/**
 * A reporter cranked by hand on a real database, with a GitHub that answers as each test says and a
 * clock that stands still until it is moved.
 */
@ResourceLock("github of the tests")
abstract class ReporterFixture {
  static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  static final Secret TOKEN = new Secret("ghp_0123456789abcdefghijklmnopqrstuvwxyz");
  static final Status STARTING = new Status(GithubState.IN_PROGRESS, "Starting");
  static final Status LIVE = new Status(GithubState.SUCCESS, "Live");
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);

  static ClientAndServer github;
  static Http http;

  @TempDir Path folder;
  Instant now = T0;
  Database database;
  Outbox outbox;
  Reporter reporter;
  private final AtomicLong ids = new AtomicLong(900);

  @BeforeAll
  static void start() {
    github = ClientAndServer.startClientAndServer(0);
    http = new Http(Duration.ofSeconds(30), "Slipway/test");
  }

  @AfterAll
  static void stop() {
    http.close();
    github.stop();
  }

  @BeforeEach
  void set_up() {
    github.reset();
    database =
        Database.open("jdbc:sqlite:" + folder.resolve("slipway.db"), new DatabaseLogin(null, null));
    outbox = new Outbox(database, "127.0.0.1", Duration.ofMinutes(2), PostLimits.ANY);
    reporter = reporter(address(github), TOKEN);
  }

  @AfterEach
  void close() {
    database.close();
  }

  static URI address(ClientAndServer server) {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  Reporter reporter(URI api, @Nullable Secret token) {
    return reporter(api, token, http);
  }

  Reporter reporter(URI api, @Nullable Secret token, Http caller) {
    return new Reporter(
        outbox,
        new Github(new GithubConfig(api, token, GithubConfig.API_VERSION), caller, () -> now),
        deployment ->
            Optional.of("https://slipway.example/deployments/" + deployment.id() + "/key"),
        () -> now);
  }

  /** A deployment of GitHub's with statuses that wait for it; the answer is our own number. */
  long waiting(long githubId, Status... statuses) {
    return waiting(githubId, "octo-org/hello-world", statuses);
  }

  /** A deployment of some repository. */
  long waiting(long githubId, String repository, Status... statuses) {
    Deployment deployment =
        new Deployment(
            new Repository("127.0.0.1", 7, repository),
            githubId,
            "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    return new Inbox(database, Duration.ofDays(90))
        .record(
            ledger -> {
              long id = ledger.addDeployment(deployment, now);
              ledger.lockQueue("key").enqueue(new QueueEntry(id, 1, deployment), ROUTE, now);
              for (Status status : statuses) {
                ledger.addStatus(id, 1, status, now);
              }
              return id;
            });
  }

  static HttpRequest posting(long githubId) {
    return request().withMethod("POST").withPath(path(githubId));
  }

  static HttpRequest listing(long githubId) {
    return request().withMethod("GET").withPath(path(githubId));
  }

  static String path(long githubId) {
    return "/repos/octo-org/hello-world/deployments/" + githubId + "/statuses";
  }

  static HttpResponse answer(int status, String json) {
    return response()
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json")
        .withBody(json);
  }

  /** GitHub takes every status that no expectation before this one answers. */
  void githubTakesTheRest() {
    github
        .when(request().withMethod("POST"))
        .respond(_ -> answer(201, "{\"id\":" + ids.incrementAndGet() + "}"));
  }

  void githubAnswersOnce(HttpRequest to, HttpResponse answer) {
    github.when(to, Times.exactly(1)).respond(answer);
  }

  /** Posts the next status in this thread, if one is due. */
  static boolean reportOne(Reporter reporter) throws InterruptedException {
    Optional<ClaimedStatus> next = reporter.claimNext();
    if (next.isPresent()) {
      reporter.post(next.get());
    }
    return next.isPresent();
  }

  /** Reports until nothing is due. */
  void reportAll() throws InterruptedException {
    while (reportOne(reporter)) {
      outbox.backlog();
    }
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  /** How long the reporter would wait from now on. */
  Duration wait(Reporter waiting) {
    return Duration.between(now, waiting.nextDue().orElseThrow());
  }

  /** Everything GitHub was asked, as {@code METHOD deployment}, in order. */
  static List<String> calls() {
    return Arrays.stream(github.retrieveRecordedRequests(request()))
        .map(
            call ->
                call.getMethod().getValue()
                    + " "
                    + call.getPath().getValue().replaceAll(".*/deployments/(\\d+)/statuses", "$1"))
        .toList();
  }

  /** The bodies of the posts for a deployment, in order. */
  static List<String> bodies(long githubId) {
    return Arrays.stream(github.retrieveRecordedRequests(posting(githubId)))
        .map(HttpRequest::getBodyAsString)
        .toList();
  }

  List<DeploymentQueries.StatusReport> statuses(long id) {
    return new DeploymentQueries(database).find(id).orElseThrow().statuses();
  }
}
