package dev.slipway.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.http.Http;
import dev.slipway.intake.EventRouter;
import dev.slipway.intake.Intake;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.DestroyPolicy;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.ProtectionRules;
import dev.slipway.model.PullRequest;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.GithubDeletions;
import dev.slipway.store.Inbox;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.LeasedRuns;
import dev.slipway.store.Outbox;
import dev.slipway.store.PostLimits;
import dev.slipway.store.Runs;
import dev.slipway.store.TestDatabases;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.integration.ClientAndServer;

/** What GitHub answers to a deletion, and when it is asked again. */
@ResourceLock("github of the deletions")
class DeploymentDeleterTest {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  private static final Repository REPOSITORY = new Repository("127.0.0.1", 7, "octo/hello");
  private static final String PATH = "/repos/octo/hello/deployments/42";
  private static final Route ROUTE =
      new Route(
          "web",
          RouteMatch.ANY,
          OriginPolicy.NONE,
          List.of("shell"),
          null,
          QueuePolicy.LATEST,
          ProtectionRules.NONE,
          new DestroyPolicy(List.of("down"), true));

  private static ClientAndServer server;
  private static Http http;

  private Database database;
  private GithubDeletions deletions;
  private Instant now;

  @BeforeAll
  static void start() {
    server = ClientAndServer.startClientAndServer(0);
    http = new Http(Duration.ofSeconds(30), "Slipway/test");
  }

  @AfterAll
  static void stop() {
    http.close();
    server.stop();
  }

  @BeforeEach
  void set_up() {
    server.reset();
    now = T0;
    database = Database.open(TestDatabases.SQLITE.url(), new DatabaseLogin(null, null));
    deletions = new GithubDeletions(database);
    destroyed();
  }

  @AfterEach
  void tear_down() {
    database.close();
  }

  /** A preview that was deployed and destroyed, of which GitHub has all statuses. */
  private void destroyed() {
    Runs runs = new Runs(database, Duration.ofMinutes(1));
    Intake intake =
        new Intake(
            new Inbox(database, Duration.ofDays(90)),
            List.of(ROUTE),
            Duration.ofDays(365),
            () -> now);
    Deployment deployment =
        new Deployment(
            REPOSITORY,
            42L,
            "a".repeat(40),
            "main",
            new Environment("pr-12", true, false),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    Decision _ =
        intake.accept(delivery("deployment"), new EventRouter.Routing.Admitted(deployment, ROUTE));
    settle(runs);
    Decision closed =
        intake.accept(
            delivery("pull_request"),
            new EventRouter.Routing.Closed(new PullRequest(REPOSITORY, 12, "", "", false), T0));
    assertThat(closed).isInstanceOf(Decision.Destroying.class);
    settle(runs);
    Outbox outbox = new Outbox(database, "127.0.0.1", Duration.ofMinutes(1), PostLimits.ANY);
    for (var next = outbox.claim(now); next.isPresent(); next = outbox.claim(now)) {
      assertThat(outbox.confirmPost(next.get(), () -> now)).isTrue();
      outbox.confirmPosted(next.get(), 1, now);
    }
  }

  private static Delivery delivery(String event) {
    return new Delivery("guid", event, DeliverySource.WEBHOOK, "current", "00", T0);
  }

  private static void settle(Runs runs) {
    LeasedRun taken = LeasedRuns.acquire(runs, "worker", T0).orElseThrow();
    try {
      runs.settle(
          taken.lease(),
          List.of(),
          taken.run().purpose().endOf(new End.Succeeded(null, "")),
          "",
          T0);
    } catch (LeaseLostException e) {
      throw new AssertionError(e);
    }
  }

  private void delete(@Nullable Secret token) {
    delete("http://127.0.0.1:" + server.getPort(), token);
  }

  private void delete(String api, @Nullable Secret token) {
    Github github =
        new Github(
            new GithubConfig(URI.create(api), token, GithubConfig.API_VERSION), http, () -> now);
    try {
      new DeploymentDeleter(deletions, github, () -> now).deleteDue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void delete() {
    deleteAt("http://127.0.0.1:" + server.getPort());
  }

  private void deleteAt(String api) {
    delete(api, new Secret("ghp_0123456789abcdefghijklmnopqrstuvwxyz"));
  }

  private static void githubAnswers(int status, String message) {
    server
        .when(request().withMethod("DELETE").withPath(PATH))
        .respond(
            response()
                .withStatusCode(status)
                .withHeader("Content-Type", "application/json")
                .withBody("{\"message\":\"" + message + "\"}"));
  }

  private static int asked() {
    return server.retrieveRecordedRequests(request().withPath(PATH)).length;
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 404})
  void what_is_gone_is_not_asked_for_again(int status) {
    githubAnswers(status, "");

    delete();
    now = T0.plus(Duration.ofDays(30));
    delete();

    assertThat(asked()).isEqualTo(1);
    assertThat(deletions.due("127.0.0.1", now, 9)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "422, We cannot delete an active deployment unless it is the only deployment in a given repository.",
    "403, Resource not accessible by integration",
    "403, You have exceeded a secondary rate limit",
    "429, API rate limit exceeded",
    "401, Bad credentials",
    "500, Server Error"
  })
  void what_github_does_not_delete_is_asked_for_again_ever_later_and_twelve_times_in_all(
      int status, String message) {
    githubAnswers(status, message);

    Duration all = Duration.ZERO;
    for (int tries = 0; tries < 12; tries++) {
      delete();
      assertThat(asked()).isEqualTo(tries + 1);
      delete();
      assertThat(asked()).isEqualTo(tries + 1);
      now = now.plus(DeploymentDeleter.wait(tries));
      all = all.plus(DeploymentDeleter.wait(tries));
    }
    now = T0.plus(Duration.ofDays(30));
    delete();

    assertThat(asked()).isEqualTo(12);
    assertThat(all).isBetween(Duration.ofHours(2), Duration.ofHours(5));
  }

  @Test
  void nothing_is_asked_and_counted_without_a_credential() {
    delete(null);

    assertThat(asked()).isZero();
    assertThat(deletions.due("127.0.0.1", now, 9))
        .extracting(GithubDeletions.Deletion::tries)
        .containsExactly(0);
  }

  @Test
  void what_is_at_one_host_is_not_asked_for_at_another_nor_counted_there() {
    githubAnswers(204, "");
    deleteAt("http://localhost:1");

    assertThat(deletions.due("localhost", now, 9)).isEmpty();
    assertThat(deletions.due("127.0.0.1", now, 9))
        .extracting(GithubDeletions.Deletion::tries)
        .containsExactly(0);

    delete();
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  void a_github_that_cannot_be_reached_is_asked_again_in_ten_seconds() {
    deleteAt("http://127.0.0.1:1");

    assertThat(deletions.due("127.0.0.1", T0.plusSeconds(9), 9)).isEmpty();
    assertThat(deletions.due("127.0.0.1", T0.plusSeconds(10), 9)).hasSize(1);
  }
}
