package dev.slipway.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.JsonBody.json;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.slipway.http.JsonCodec;
import dev.slipway.model.GithubState;
import dev.slipway.model.Status;
import dev.slipway.store.DeploymentQueries;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.matchers.MatchType;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpRequest;
import org.mockserver.model.HttpResponse;
import org.mockserver.verify.VerificationTimes;
import org.slf4j.LoggerFactory;

/** What GitHub gets, in which order, and where it may be found instead. */
@Isolated
class ReporterTest extends ReporterFixture {
  private static final String NOT_FOUND =
      """
      {"message":"Not Found","documentation_url":"https://docs.github.com/rest","status":"404"}""";

  @Test
  void statuses_go_out_in_order_with_exactly_these_fields() throws Exception {
    githubTakesTheRest();
    long id =
        waiting(
            42,
            new Status(GithubState.QUEUED, "Waiting"),
            STARTING,
            new Status(GithubState.SUCCESS, "Live", URI.create("https://hello.example/")));

    reportAll();

    String logUrl = "\"https://slipway.example/deployments/" + id + "/key\"";
    assertThat(bodies(42)).hasSize(3);
    assertThat(bodies(42).getFirst()).contains("\"queued\"");
    assertThat(bodies(42).get(1)).contains("\"in_progress\"");
    github.verify(
        posting(42)
            .withBody(
                json(
                    """
                    {"state":"in_progress","description":"Starting","log_url":%s,
                    "auto_inactive":true}"""
                        .formatted(logUrl),
                    MatchType.STRICT)),
        posting(42)
            .withBody(
                json(
                    """
                    {"state":"success","description":"Live","log_url":%s,"auto_inactive":true,
                    "environment_url":"https://hello.example/"}"""
                        .formatted(logUrl),
                    MatchType.STRICT)));
    assertThat(statuses(id)).extracting(DeploymentQueries.StatusReport::postedAt).containsOnly(T0);
    assertThat(reporter.nextDue()).isEmpty();
  }

  @Test
  void every_call_carries_the_headers_that_github_wants() throws Exception {
    githubTakesTheRest();
    waiting(42, STARTING);

    reportAll();

    github.verify(
        posting(42)
            .withHeader("Accept", "application/vnd.github\\+json")
            .withHeader("X-GitHub-Api-Version", "2022-11-28")
            .withHeader("Authorization", "Bearer " + TOKEN.reveal())
            .withHeader("User-Agent", "Slipway/test")
            .withHeader("Content-Type", "application/json"),
        VerificationTimes.exactly(1));
  }

  @Test
  void a_long_description_arrives_with_140_code_points_and_no_half_character() throws Exception {
    githubTakesTheRest();
    waiting(42, new Status(GithubState.FAILURE, "🚀".repeat(200)));

    reportAll();

    String sent = JsonCodec.read(bodies(42).getFirst()).path("description").asString();
    assertThat(sent).isEqualTo("🚀".repeat(139) + "…");
    assertThat(sent.getBytes(StandardCharsets.UTF_8)).hasSize(139 * 4 + 3);
  }

  @Test
  void without_a_token_nothing_is_posted_and_nothing_is_lost() throws Exception {
    githubTakesTheRest();
    long id = waiting(42, STARTING);
    reporter = reporter(address(github), null);

    assertThat(reportOne(reporter)).isFalse();
    assertThat(reporter.nextDue()).isEmpty();
    assertThat(calls()).isEmpty();
    assertThat(outbox.backlog().waiting()).isEqualTo(1);
    assertThat(statuses(id))
        .extracting(DeploymentQueries.StatusReport::givenUp)
        .containsExactly(false);

    reporter = reporter(address(github), TOKEN);
    reportAll();

    assertThat(calls()).containsExactly("POST 42");
  }

  private static HttpRequest seeing() {
    return request().withMethod("GET").withPath("/repos/octo-org/hello-world");
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void a_deployment_that_github_has_deleted_gets_no_more_statuses(int code) throws Exception {
    github.when(posting(42)).respond(answer(code, NOT_FOUND));
    github.when(seeing()).respond(answer(200, "{\"id\":7}"));
    long id = waiting(42, STARTING, LIVE);
    pass(Duration.ofMinutes(10));

    reportAll();

    assertThat(bodies(42)).hasSize(1);
    assertThat(statuses(id)).extracting(DeploymentQueries.StatusReport::givenUp).containsOnly(true);
    assertThat(statuses(id).getFirst().problem()).contains(code + ": Not Found", "deleted");
    assertThat(outbox.backlog().waiting()).isZero();
    assertThat(outbox.backlog().lost()).isEqualTo(2);
    assertThat(reporter.nextDue()).isEmpty();
  }

  @Test
  void a_deployment_that_github_does_not_know_yet_is_asked_about_again() throws Exception {
    githubAnswersOnce(posting(42), answer(404, NOT_FOUND));
    githubTakesTheRest();
    github.when(seeing()).respond(answer(200, "{\"id\":7}"));
    long id = waiting(42, LIVE);

    reportAll();
    assertThat(wait(reporter)).isEqualTo(Duration.ofMinutes(1));
    pass(Duration.ofMinutes(1));
    reportAll();

    assertThat(statuses(id).getFirst().postedAt()).isEqualTo(now);
  }

  private void isAskedAgainForEver(HttpResponse answer, String problem) throws Exception {
    github.when(posting(42)).respond(answer);
    long id = waiting(42, LIVE);
    pass(Duration.ofMinutes(10));

    for (long minutes : List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L)) {
      reportAll();
      assertThat(wait(reporter)).isEqualTo(Duration.ofMinutes(minutes));
      pass(Duration.ofMinutes(minutes));
    }
    for (int attempt = 0; attempt < 30; attempt++) {
      reportAll();
      pass(Duration.ofDays(10));
    }

    assertThat(statuses(id).getFirst().givenUp()).isFalse();
    assertThat(statuses(id).getFirst().problem()).contains(problem);
    assertThat(outbox.backlog().problem()).contains(problem);
    github.clear(posting(42));
    githubTakesTheRest();
    reportAll();
    assertThat(statuses(id).getFirst().postedAt()).isEqualTo(now);
    assertThat(outbox.backlog().problem()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 407, 409, 410, 451})
  void a_final_status_that_github_refuses_is_never_given_up(int code) throws Exception {
    isAskedAgainForEver(answer(code, "{\"message\":\"No\"}"), code + ": No");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 403, 404, 407, 422})
  void a_page_of_a_proxy_or_of_a_wrong_address_loses_no_status(int code) throws Exception {
    isAskedAgainForEver(answer(code, "<html>Not here</html>"), "answered " + code);
  }

  @Test
  void a_deployment_in_a_repository_that_is_hidden_may_still_be_there() throws Exception {
    github.when(seeing()).respond(answer(404, NOT_FOUND));
    isAskedAgainForEver(answer(404, NOT_FOUND), "GITHUB_TOKEN may not see the repository");
  }

  /** A classic token without the scope for it reads a public repository and is told 404. */
  @Test
  void a_deployment_that_the_credential_may_only_read_is_not_gone() throws Exception {
    github.when(seeing()).respond(answer(200, "{\"id\":7}"));
    github
        .when(request().withMethod("GET").withPath("/repos/octo-org/hello-world/deployments/42"))
        .respond(answer(200, "{\"id\":42}"));
    isAskedAgainForEver(answer(404, NOT_FOUND), "GITHUB_TOKEN may not write deployments");
  }

  @Test
  void a_final_status_with_an_address_that_github_dislikes_goes_out_without_it() throws Exception {
    githubAnswersOnce(posting(42), answer(422, "{\"message\":\"Validation Failed\"}"));
    githubTakesTheRest();
    long id =
        waiting(42, new Status(GithubState.SUCCESS, "Live", URI.create("http://a_b.example")));

    reportAll();

    assertThat(bodies(42)).hasSize(2);
    assertThat(bodies(42).getFirst()).contains("environment_url", "log_url");
    assertThat(bodies(42).getLast()).doesNotContain("_url").contains("\"success\"", "\"Live\"");
    assertThat(statuses(id).getFirst().postedAt()).isEqualTo(T0);
  }

  @Test
  void what_github_finds_invalid_holds_up_no_final_status_and_a_final_one_is_kept()
      throws Exception {
    github
        .when(posting(42), Times.exactly(4))
        .respond(answer(422, "{\"message\":\"Validation Failed\"}"));
    githubTakesTheRest();
    long id = waiting(42, STARTING, LIVE);

    reportAll();

    assertThat(bodies(42)).hasSize(4);
    assertThat(statuses(id))
        .extracting(DeploymentQueries.StatusReport::givenUp)
        .containsExactly(true, false);
    assertThat(wait(reporter)).isEqualTo(Duration.ofMinutes(1));
    pass(Duration.ofMinutes(1));
    reportAll();
    assertThat(statuses(id).getLast().postedAt()).isEqualTo(now);
  }

  @Test
  void the_reason_of_a_422_is_kept_with_its_detail() throws Exception {
    github
        .when(posting(42))
        .respond(
            answer(
                422,
                """
            {"message":"Validation Failed","errors":[{"resource":"DeploymentStatus",
            "code":"custom","field":"description","message":"description is too long"}]}"""));
    long id = waiting(42, STARTING);

    reportAll();

    assertThat(statuses(id).getFirst().problem()).contains("description is too long");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 308})
  void a_renamed_repository_is_followed_with_the_same_post(int code) throws Exception {
    String moved = "/repositories/1296269/deployments/42/statuses";
    githubAnswersOnce(
        posting(42), answer(code, "{}").withHeader("Location", address(github) + moved));
    githubTakesTheRest();
    long id = waiting(42, STARTING);

    reportAll();

    String first = bodies(42).getFirst();
    github.verify(
        request()
            .withMethod("POST")
            .withPath(moved)
            .withHeader("Authorization", "Bearer " + TOKEN.reveal())
            .withHeader("Content-Type", "application/json")
            .withBody(json(first, MatchType.STRICT)),
        VerificationTimes.exactly(1));
    assertThat(statuses(id).getFirst().postedAt()).isEqualTo(T0);
  }

  @Test
  void a_redirect_to_another_host_is_not_followed() throws Exception {
    ClientAndServer elsewhere = ClientAndServer.startClientAndServer(0);
    try {
      githubAnswersOnce(
          posting(42),
          answer(301, "{\"message\":\"Moved\"}")
              .withHeader("Location", address(elsewhere) + path(42)));
      githubTakesTheRest();
      long id = waiting(42, STARTING, LIVE);

      reportAll();

      assertThat(elsewhere.retrieveRecordedRequests(request())).isEmpty();
      assertThat(calls()).containsExactly("POST 42");
      assertThat(statuses(id).getFirst().problem()).contains("301");
      pass(Duration.ofMinutes(1));
      reportAll();
      assertThat(statuses(id))
          .extracting(DeploymentQueries.StatusReport::postedAt)
          .containsOnly(now);
    } finally {
      elsewhere.stop();
    }
  }

  @Test
  void the_token_is_never_logged() throws Exception {
    Logger ours = (Logger) LoggerFactory.getLogger("dev.slipway");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    ours.setLevel(Level.TRACE);
    ours.addAppender(lines);
    try {
      githubAnswersOnce(posting(42), answer(502, "<html>Unicorn!</html>"));
      githubAnswersOnce(listing(42), answer(401, "{\"message\":\"Bad credentials\"}"));
      github.when(posting(43)).respond(answer(422, "{\"message\":\"Validation Failed\"}"));
      waiting(42, STARTING);
      waiting(43, STARTING);
      for (int i = 0; i < 5; i++) {
        reportAll();
        pass(Duration.ofMinutes(10));
      }
    } finally {
      ours.detachAppender(lines);
      ours.setLevel(null);
    }

    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.contains("502"))
        .anyMatch(line -> line.contains("401"))
        .anyMatch(line -> line.contains("422"))
        .noneMatch(line -> line.contains(TOKEN.reveal()) || line.contains("Bearer"));
  }
}
