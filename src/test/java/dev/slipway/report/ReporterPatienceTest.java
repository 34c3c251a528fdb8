package dev.slipway.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;

import dev.slipway.FreePort;
import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Outbox;
import dev.slipway.store.PostLimits;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpResponse;

/** How long the reporter waits, for what, and when it gives up. */
class ReporterPatienceTest extends ReporterFixture {
  private static final String SECONDARY =
      "{\"message\":\"You have exceeded a secondary rate limit. Please wait a few minutes.\"}";

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void a_broken_github_is_asked_again_with_growing_pauses(int code) throws Exception {
    github.when(posting(42)).respond(answer(code, "<html>Unicorn!</html>"));
    github.when(listing(42)).respond(answer(200, "[]"));
    long id = waiting(42, STARTING);

    for (long seconds : List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L)) {
      assertThat(reportOne(reporter)).isTrue();
      assertThat(reportOne(reporter)).isFalse();
      assertThat(wait(reporter))
          .isBetween(Duration.ofSeconds(seconds), Duration.ofMillis(seconds * 1250));
      now = reporter.nextDue().orElseThrow();
    }

    assertThat(statuses(id).getFirst().problem()).contains(Integer.toString(code));
    assertThat(statuses(id).getFirst().givenUp()).isFalse();
    github.clear(posting(42));
    githubTakesTheRest();
    reportAll();
    assertThat(statuses(id).getFirst().postedAt()).isEqualTo(now);
  }

  @Test
  void while_github_cannot_be_reached_statuses_wait_and_then_go_out_in_order() throws Exception {
    URI nobody = URI.create("http://127.0.0.1:" + FreePort.choose());
    long id = waiting(42, STARTING, LIVE);
    Reporter unreachable = reporter(nobody, TOKEN);

    assertThat(reportOne(unreachable)).isTrue();
    assertThat(reportOne(unreachable)).isFalse();
    assertThat(wait(unreachable)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1250));
    assertThat(statuses(id).getFirst().problem()).contains("no connection");

    pass(Duration.ofHours(1));
    githubTakesTheRest();
    reportAll();

    // Nothing was sent, so there is no doubt to clear up first
    assertThat(calls()).containsExactly("POST 42", "POST 42");
    assertThat(bodies(42).getFirst()).contains("in_progress");
    assertThat(bodies(42).getLast()).contains("success");
  }

  private void pausesEverything(HttpResponse limit, Duration pause) throws Exception {
    githubAnswersOnce(posting(42), limit);
    githubTakesTheRest();
    long first = waiting(42, STARTING, LIVE);
    long second = waiting(43, STARTING);

    assertThat(reportOne(reporter)).isTrue();
    assertThat(reportOne(reporter)).isFalse();
    assertThat(wait(reporter)).isEqualTo(pause);
    assertThat(statuses(first).getFirst().problem()).contains("rate limit");
    pass(pause.minusSeconds(1));
    reportAll();
    assertThat(calls()).containsExactly("POST 42");

    pass(Duration.ofSeconds(1));
    reportAll();

    // GitHub said no, so there is no doubt to clear up first
    assertThat(calls())
        .containsExactlyInAnyOrder("POST 42", "POST 42", "POST 42", "POST 43")
        .startsWith("POST 42");
    assertThat(bodies(42).getLast()).contains("success");
    assertThat(statuses(second))
        .extracting(DeploymentQueries.StatusReport::postedAt)
        .containsExactly(now);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429})
  void retry_after_in_seconds_pauses_everything(int code) throws Exception {
    pausesEverything(
        answer(code, SECONDARY).withHeader("Retry-After", "90"), Duration.ofSeconds(90));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429})
  void retry_after_as_a_date_pauses_everything(int code) throws Exception {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            T0.plus(Duration.ofMinutes(7)).atOffset(ZoneOffset.UTC));
    pausesEverything(
        answer(code, SECONDARY).withHeader("Retry-After", date), Duration.ofMinutes(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429})
  void a_used_up_rate_limit_pauses_everything_until_its_reset(int code) throws Exception {
    Instant reset = T0.plus(Duration.ofMinutes(40));
    pausesEverything(
        answer(code, "{\"message\":\"API rate limit exceeded for user ID 1.\"}")
            .withHeader("X-RateLimit-Remaining", "0")
            .withHeader("X-RateLimit-Reset", Long.toString(reset.getEpochSecond())),
        // A second more than GitHub's clock says, which counts in whole seconds
        Duration.ofMinutes(40).plusSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429})
  void a_bare_secondary_limit_pauses_everything_for_a_minute(int code) throws Exception {
    pausesEverything(
        answer(code, SECONDARY).withHeader("X-RateLimit-Remaining", "4321"), Duration.ofMinutes(1));
  }

  @Test
  void a_wrong_token_is_tried_with_one_status_for_all_and_costs_nothing_of_the_pace()
      throws Exception {
    outbox = new Outbox(database, "127.0.0.1", Duration.ofMinutes(2), new PostLimits(3, 3));
    reporter = reporter(address(github), TOKEN);
    github
        .when(request().withMethod("POST"), Times.exactly(10))
        .respond(answer(401, "{\"message\":\"Bad credentials\"}"));
    githubTakesTheRest();
    long id = waiting(42, LIVE);
    waiting(43, STARTING);
    waiting(44, LIVE);

    reportAll();
    assertThat(calls()).hasSize(1);
    for (long minutes : List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L)) {
      assertThat(wait(reporter)).isEqualTo(Duration.ofMinutes(minutes));
      pass(Duration.ofMinutes(minutes));
      reportAll();
    }
    assertThat(calls()).hasSize(10);
    assertThat(outbox.backlog().waiting()).isEqualTo(3);
    assertThat(outbox.backlog().problem()).contains("401: Bad credentials", "GITHUB_TOKEN");

    pass(Duration.ofHours(1));
    reportAll();
    assertThat(calls()).hasSize(13);
    assertThat(statuses(id).getFirst().postedAt()).isEqualTo(now);
    assertThat(outbox.backlog().problem()).isNull();
  }

  @Test
  void a_token_without_the_permission_is_not_a_rate_limit() throws Exception {
    githubAnswersOnce(
        posting(42),
        answer(403, "{\"message\":\"Resource not accessible by personal access token\"}")
            .withHeader("X-Accepted-GitHub-Permissions", "deployments=write")
            .withHeader("X-RateLimit-Remaining", "4999"));
    githubTakesTheRest();
    long id = waiting(42, STARTING);
    waiting(43, "octo-org/other", STARTING);
    waiting(44, STARTING);

    reportAll();

    // The others of its repository wait with it
    assertThat(calls()).containsExactlyInAnyOrder("POST 42", "POST 43");
    assertThat(wait(reporter)).isEqualTo(Duration.ofMinutes(1));
    assertThat(statuses(id).getFirst().problem()).contains("GITHUB_TOKEN", "deployments=write");
    pass(Duration.ofMinutes(1));
    reportAll();
    assertThat(outbox.backlog().waiting()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429, 503})
  void no_wait_is_longer_than_an_hour_whatever_a_header_says(int code) throws Exception {
    githubAnswersOnce(posting(42), answer(code, SECONDARY).withHeader("Retry-After", "999999999"));
    github.when(listing(42)).respond(answer(200, "[]"));
    githubTakesTheRest();
    long id = waiting(42, LIVE);

    reportAll();

    assertThat(wait(reporter)).isEqualTo(Duration.ofHours(1));
    pass(Duration.ofHours(1));
    reportAll();
    assertThat(statuses(id).getFirst().postedAt()).isEqualTo(now);
  }

  @Test
  void a_reset_in_thirty_years_is_an_hour() throws Exception {
    githubAnswersOnce(
        posting(42),
        answer(403, "{\"message\":\"API rate limit exceeded\"}")
            .withHeader("X-RateLimit-Remaining", "0")
            .withHeader("X-RateLimit-Reset", "2726000000"));
    waiting(42, LIVE);

    reportAll();

    assertThat(wait(reporter)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void a_call_that_cannot_be_made_is_a_problem_that_is_kept_and_tells_no_secret() throws Exception {
    long id = waiting(42, LIVE);
    reporter =
        new Reporter(
            outbox,
            new Github(
                new GithubConfig(address(github), TOKEN, GithubConfig.API_VERSION),
                http,
                () -> now),
            _ -> {
              throw new IllegalArgumentException("ghp_secret");
            },
            () -> now);

    reportAll();

    assertThat(statuses(id).getFirst().problem())
        .contains("could not be made")
        .doesNotContain("ghp_secret");
    assertThat(outbox.backlog().problem()).contains("could not be made");
    assertThat(wait(reporter)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void a_wrong_token_after_a_long_outage_does_not_throw_the_status_away() throws Exception {
    github.when(listing(42)).respond(answer(200, "[]"));
    github.when(posting(42)).respond(answer(503, "{}"));
    long id = waiting(42, STARTING);
    for (int tries = 0; tries < 30; tries++) {
      assertThat(reportOne(reporter)).isTrue();
      now = reporter.nextDue().orElseThrow();
    }
    github.clear(posting(42));
    github.when(posting(42)).respond(answer(401, "{\"message\":\"Bad credentials\"}"));

    reportAll();

    assertThat(statuses(id).getFirst().givenUp()).isFalse();
    assertThat(wait(reporter)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void what_waited_for_days_without_a_token_is_not_thrown_away_by_a_first_wrong_one()
      throws Exception {
    github.when(posting(42)).respond(answer(401, "{\"message\":\"Bad credentials\"}"));
    long id = waiting(42, STARTING);
    pass(Duration.ofDays(3));

    reportAll();

    assertThat(statuses(id).getFirst().givenUp()).isFalse();
    assertThat(wait(reporter)).isEqualTo(Duration.ofMinutes(1));
  }
}
