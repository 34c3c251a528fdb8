package dev.slipway.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpError.error;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.http.Http;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.Foreign;
import dev.slipway.model.GithubState;
import dev.slipway.model.Match;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.Status;
import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.store.Deployments;
import dev.slipway.store.Inbox;
import dev.slipway.store.Outbox;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpRequest;
import org.mockserver.model.HttpResponse;

/** What is posted when GitHub takes it, is slow, says no, or loses its answer. */
class ReporterTest {
  private static final String PATH = "/repos/octo-org/hello-world/deployments/42/statuses";
  private static ClientAndServer github;

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private Database database;
  private Http http;
  private long deployment;
  private Reporter reporter;

  @BeforeAll
  static void start() {
    github = ClientAndServer.startClientAndServer(0);
  }

  @AfterAll
  static void stop() {
    github.stop();
  }

  @BeforeEach
  void accept() {
    github.reset();
    database =
        Database.open(
            "jdbc:sqlite:" + folder.resolve("slipway.db"), new Database.Login(null, null));
    http = new Http(Duration.ofSeconds(2), "Slipway/test");
    Route route = new Route("default", Match.ANY, Foreign.NONE, List.of("shell"), null);
    Deployment wanted =
        new Deployment(
            new Repository("github.com", 1, "octo-org/hello-world"),
            42L,
            "a".repeat(40),
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            now);
    deployment =
        new Inbox(database, Duration.ofDays(90))
            .record(
                ledger -> {
                  long id = ledger.add(wanted, now);
                  ledger.join(id, 1, route, "key", now);
                  ledger.status(id, 1, new Status(GithubState.IN_PROGRESS, "Starting"), now);
                  ledger.status(
                      id,
                      1,
                      new Status(GithubState.SUCCESS, "Live", URI.create("https://hello.example/")),
                      now);
                  return id;
                });
    reporter = reporter(new Secret("ghp_token"));
  }

  private Reporter reporter(Secret token) {
    URI api = URI.create("http://127.0.0.1:" + github.getPort());
    return new Reporter(
        new Outbox(database, Duration.ofMinutes(2)),
        new Github(new GithubConfig(api, token), http, () -> now),
        stored -> "https://deploy.example/deployments/" + stored.id() + "/key",
        () -> now);
  }

  @AfterEach
  void close() {
    http.close();
    database.close();
  }

  private static HttpResponse json(int status, String body) {
    return response()
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json")
        .withBody(body);
  }

  private static void answers(HttpResponse... answers) {
    for (HttpResponse answer : answers) {
      github.when(request().withMethod("POST").withPath(PATH), Times.once()).respond(answer);
    }
    github.when(request().withMethod("POST").withPath(PATH)).respond(json(201, "{\"id\":7}"));
  }

  private int reportAll() throws InterruptedException {
    int reported = 0;
    while (reporter.reportOne()) {
      reported++;
    }
    return reported;
  }

  private List<String> posted() {
    return Arrays.stream(
            github.retrieveRecordedRequests(request().withMethod("POST").withPath(PATH)))
        .map(HttpRequest::getBodyAsString)
        .map(body -> body.replaceAll("(?s).*\"state\"\\s*:\\s*\"([a-z_]+)\".*", "$1"))
        .toList();
  }

  private Deployments.Dossier dossier() {
    return new Deployments(database).find(deployment).orElseThrow();
  }

  @Test
  void statuses_are_posted_in_order_with_everything_that_github_wants() throws Exception {
    answers();

    assertThat(reportAll()).isEqualTo(2);

    assertThat(posted()).containsExactly("in_progress", "success");
    github.verify(
        request()
            .withMethod("POST")
            .withPath(PATH)
            .withHeader("Authorization", "Bearer ghp_token")
            .withHeader("Accept", "application/vnd.github+json")
            .withHeader("X-GitHub-Api-Version", "2022-11-28")
            .withHeader("User-Agent", "Slipway/test")
            .withBody(
                org.mockserver.model.JsonBody.json(
                    """
                    {"state":"success","description":"Live","auto_inactive":true,
                    "log_url":"https://deploy.example/deployments/%d/key",
                    "environment_url":"https://hello.example/"}"""
                        .formatted(deployment),
                    org.mockserver.matchers.MatchType.STRICT)));
    assertThat(dossier().waitingForGithub()).isZero();
  }

  @Test
  void a_server_error_holds_everything_back_and_is_looked_up_before_it_is_posted_again()
      throws Exception {
    answers(response().withStatusCode(502).withBody("<html>Unicorn!</html>"));
    github.when(request().withMethod("GET").withPath(PATH)).respond(json(200, "[]"));

    assertThat(reportAll()).isEqualTo(1);
    assertThat(posted()).containsExactly("in_progress");

    now = now.plusSeconds(60);
    assertThat(reportAll()).isEqualTo(2);
    assertThat(posted()).containsExactly("in_progress", "in_progress", "success");
    github.verify(request().withMethod("GET").withPath(PATH));
  }

  @Test
  void an_answer_that_was_lost_after_github_took_the_status_makes_no_second_one() throws Exception {
    github
        .when(request().withMethod("POST").withPath(PATH), Times.once())
        .error(error().withDropConnection(true));
    answers();
    github
        .when(request().withMethod("GET").withPath(PATH))
        .respond(json(200, "[{\"id\":5,\"state\":\"in_progress\",\"description\":\"Starting\"}]"));

    reportAll();
    now = now.plusSeconds(60);
    reportAll();

    assertThat(posted()).containsExactly("in_progress", "success");
    assertThat(dossier().waitingForGithub()).isZero();
  }

  @Test
  void retry_after_is_kept_to_the_second_for_everything() throws Exception {
    answers(json(403, "{\"message\":\"secondary rate limit\"}").withHeader("Retry-After", "90"));

    reportAll();
    now = now.plusSeconds(89);
    assertThat(reportAll()).isZero();
    now = now.plusSeconds(1);
    assertThat(reportAll()).isEqualTo(2);
    assertThat(posted()).containsExactly("in_progress", "in_progress", "success");
  }

  @Test
  void an_empty_rate_limit_is_waited_for_until_its_reset() throws Exception {
    answers(
        json(429, "{\"message\":\"API rate limit exceeded\"}")
            .withHeader("X-RateLimit-Remaining", "0")
            .withHeader(
                "X-RateLimit-Reset", Long.toString(now.plusSeconds(1200).getEpochSecond())));

    reportAll();
    now = now.plusSeconds(1199);
    assertThat(reportAll()).isZero();
    now = now.plusSeconds(3);
    assertThat(reportAll()).isEqualTo(2);
  }

  @Test
  void a_bare_secondary_limit_is_waited_for_a_minute() throws Exception {
    answers(json(403, "{\"message\":\"You have exceeded a secondary rate limit.\"}"));

    reportAll();
    now = now.plusSeconds(59);
    assertThat(reportAll()).isZero();
    now = now.plusSeconds(1);
    assertThat(reportAll()).isEqualTo(2);
  }

  @Test
  void a_missing_permission_is_shown_and_asked_again_by_the_hour_but_not_for_ever()
      throws Exception {
    github
        .when(request().withMethod("POST").withPath(PATH))
        .respond(
            json(403, "{\"message\":\"Resource not accessible by personal access token\"}")
                .withHeader("X-Accepted-GitHub-Permissions", "deployments=write"));

    reportAll();
    assertThat(dossier().statuses().getFirst().problem())
        .contains("GITHUB_TOKEN", "deployments=write");
    now = now.plus(Duration.ofMinutes(59));
    assertThat(reportAll()).isZero();

    for (int hour = 0; hour < 60; hour++) {
      now = now.plus(Duration.ofHours(1));
      reportAll();
    }
    assertThat(dossier().statuses()).allMatch(Deployments.Reported::givenUp);
    assertThat(posted()).hasSizeLessThanOrEqualTo(50);
  }

  @Test
  void a_status_that_github_will_never_take_is_given_up_and_the_next_goes_on() throws Exception {
    answers(
        json(
            422,
            "{\"message\":\"Validation Failed\",\"errors\":[{\"message\":\"description is too long\"}]}"));

    reportAll();

    assertThat(posted()).containsExactly("in_progress", "success");
    assertThat(dossier().statuses().getFirst().givenUp()).isTrue();
    assertThat(dossier().statuses().getFirst().problem()).contains("description is too long");
  }

  @Test
  void a_renamed_repository_is_followed_with_the_same_method() throws Exception {
    String moved = "/repositories/1/deployments/42/statuses";
    github
        .when(request().withMethod("POST").withPath(PATH))
        .respond(
            json(307, "{}").withHeader("Location", "http://127.0.0.1:" + github.getPort() + moved));
    github.when(request().withMethod("POST").withPath(moved)).respond(json(201, "{\"id\":9}"));

    assertThat(reportAll()).isEqualTo(2);

    assertThat(dossier().waitingForGithub()).isZero();
  }

  @Test
  void a_redirect_to_another_host_is_not_followed() throws Exception {
    try (ClientAndServer elsewhere = ClientAndServer.startClientAndServer(0)) {
      github
          .when(request().withMethod("POST").withPath(PATH))
          .respond(
              json(307, "{}")
                  .withHeader("Location", "http://127.0.0.1:" + elsewhere.getPort() + PATH));

      reportAll();

      assertThat(elsewhere.retrieveRecordedRequests(request())).isEmpty();
    }
  }

  @Test
  void without_a_token_everything_waits_and_nothing_is_sent() throws Exception {
    URI api = URI.create("http://127.0.0.1:" + github.getPort());
    reporter =
        new Reporter(
            new Outbox(database, Duration.ofMinutes(2)),
            new Github(new GithubConfig(api, null), http, () -> now),
            _ -> "https://deploy.example/",
            () -> now);

    assertThat(reportAll()).isZero();
    assertThat(reporter.nextDue()).isEmpty();
    assertThat(posted()).isEmpty();
    assertThat(dossier().waitingForGithub()).isEqualTo(2);
  }
}
