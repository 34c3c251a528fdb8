package dev.slipway.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.JsonBody.json;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.slipway.http.Json;
import dev.slipway.model.GithubState;
import dev.slipway.model.Status;
import dev.slipway.store.Deployments;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.matchers.MatchType;
import org.mockserver.verify.VerificationTimes;
import org.slf4j.LoggerFactory;

/** What GitHub gets, in which order, and where it may be found instead. */
class ReporterTest extends WithReporter {
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
    assertThat(statuses(id)).extracting(Deployments.Reported::postedAt).containsOnly(T0);
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

    String sent = Json.read(bodies(42).getFirst()).path("description").asString();
    assertThat(sent).isEqualTo("🚀".repeat(139) + "…");
    assertThat(sent.getBytes(StandardCharsets.UTF_8)).hasSize(139 * 4 + 3);
  }

  @Test
  void without_a_token_nothing_is_posted_and_nothing_is_lost() throws Exception {
    githubTakesTheRest();
    long id = waiting(42, STARTING);
    reporter = reporter(address(github), null);

    assertThat(reporter.reportOne()).isFalse();
    assertThat(reporter.nextDue()).isEmpty();
    assertThat(calls()).isEmpty();
    assertThat(outbox.backlog().waiting()).isEqualTo(1);
    assertThat(statuses(id)).extracting(Deployments.Reported::givenUp).containsExactly(false);

    reporter = reporter(address(github), TOKEN);
    reportAll();

    assertThat(calls()).containsExactly("POST 42");
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410, 422})
  void what_github_will_never_take_is_given_up_and_the_next_one_goes_out(int code)
      throws Exception {
    githubAnswersOnce(posting(42), answer(code, "{\"message\":\"Validation Failed\"}"));
    githubTakesTheRest();
    long id = waiting(42, STARTING, LIVE);

    reportAll();

    assertThat(calls()).containsExactly("POST 42", "POST 42");
    assertThat(bodies(42).getLast()).contains("\"success\"");
    assertThat(statuses(id)).extracting(Deployments.Reported::givenUp).containsExactly(true, false);
    assertThat(statuses(id).getFirst().problem()).contains(code + ": Validation Failed");
    assertThat(statuses(id).getLast().postedAt()).isEqualTo(T0);
    pass(Duration.ofDays(2));
    assertThat(reporter.reportOne()).isFalse();
  }

  @Test
  void the_reason_of_a_422_is_kept_with_its_detail() throws Exception {
    githubAnswersOnce(
        posting(42),
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
      assertThat(calls()).containsExactly("POST 42", "POST 42");
      assertThat(statuses(id).getFirst().problem()).contains("301");
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
      githubAnswersOnce(posting(43), answer(422, "{\"message\":\"Validation Failed\"}"));
      waiting(42, STARTING);
      waiting(43, STARTING);
      reportAll();
      pass(Duration.ofMinutes(10));
      reportAll();
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
