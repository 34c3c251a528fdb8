package dev.slipway.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpError.error;

import dev.slipway.http.Http;
import dev.slipway.model.Status;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpResponse;

/** A post whose answer was lost may have worked: GitHub is asked before it is made again. */
class ReporterDoubtTest extends ReporterFixture {
  private static String posted(long githubId, Status status) {
    return "{\"id\":%d,\"state\":\"%s\",\"description\":\"%s\"}"
        .formatted(githubId, status.state().code(), status.description());
  }

  private void githubHas(String... statuses) {
    github
        .when(listing(42).withQueryStringParameter("per_page", "100"))
        .respond(answer(200, "[" + String.join(",", statuses) + "]"));
  }

  private void dropsTheConnection() {
    github.when(posting(42), Times.exactly(1)).error(error().withDropConnection(true));
  }

  private void again(long id, Status status) {
    new Inbox(database, Duration.ofDays(90))
        .record(
            ledger -> {
              ledger.addStatus(id, 1, status, now);
              return id;
            });
  }

  private void reportTwice() throws InterruptedException {
    assertThat(reportOne(reporter)).isTrue();
    now = reporter.nextDue().orElseThrow();
    assertThat(reportOne(reporter)).isTrue();
  }

  @Test
  void a_dropped_connection_whose_post_worked_is_not_posted_again() throws Exception {
    dropsTheConnection();
    githubHas(posted(901, STARTING));
    long id = waiting(42, STARTING);

    reportTwice();

    assertThat(calls()).containsExactly("POST 42", "GET 42");
    assertThat(statuses(id))
        .extracting(DeploymentQueries.StatusReport::postedAt)
        .containsExactly(now);
    assertThat(reporter.nextDue()).isEmpty();
  }

  @Test
  void a_dropped_connection_whose_post_did_not_work_is_posted_once_more() throws Exception {
    dropsTheConnection();
    githubTakesTheRest();
    githubHas();
    long id = waiting(42, STARTING);

    reportTwice();

    assertThat(calls()).containsExactly("POST 42", "GET 42", "POST 42");
    assertThat(bodies(42).getFirst()).isEqualTo(bodies(42).getLast());
    assertThat(statuses(id))
        .extracting(DeploymentQueries.StatusReport::postedAt)
        .containsExactly(now);
  }

  @Test
  void a_bad_gateway_after_the_post_worked_makes_no_second_status() throws Exception {
    githubAnswersOnce(posting(42), answer(502, "<html>Unicorn!</html>"));
    githubTakesTheRest();
    githubHas(posted(901, STARTING));
    waiting(42, STARTING, LIVE);

    reportTwice();
    reportAll();

    assertThat(calls()).containsExactly("POST 42", "GET 42", "POST 42");
    assertThat(bodies(42).getLast()).contains("success");
  }

  @Test
  void an_answer_that_comes_too_late_is_looked_up() throws Exception {
    github
        .when(posting(42), Times.exactly(1))
        .respond(answer(201, "{\"id\":901}").withDelay(TimeUnit.SECONDS, 40));
    githubHas(posted(901, STARTING));
    waiting(42, STARTING);

    try (Http impatient = new Http(Duration.ofSeconds(4), "Slipway/test")) {
      reporter = reporter(address(github), TOKEN, impatient);
      reportTwice();
    }

    assertThat(calls()).containsExactly("POST 42", "GET 42");
    assertThat(reporter.nextDue()).isEmpty();
  }

  @Test
  void half_an_answer_is_looked_up() throws Exception {
    githubAnswersOnce(posting(42), answer(201, "{\"id\":9"));
    githubHas(posted(901, STARTING));
    waiting(42, STARTING);

    reportTwice();

    assertThat(calls()).containsExactly("POST 42", "GET 42");
    assertThat(reporter.nextDue()).isEmpty();
  }

  @Test
  void a_page_of_something_in_between_is_looked_up() throws Exception {
    githubAnswersOnce(posting(42), answer(200, "<html>Please sign in</html>"));
    githubHas(posted(901, STARTING));
    waiting(42, STARTING);

    reportTwice();

    assertThat(calls()).containsExactly("POST 42", "GET 42");
    assertThat(reporter.nextDue()).isEmpty();
  }

  @Test
  void an_equal_status_that_was_posted_before_does_not_stand_for_this_one() throws Exception {
    githubAnswersOnce(posting(42), answer(201, "{\"id\":901}"));
    githubAnswersOnce(posting(42), answer(502, "{}"));
    githubAnswersOnce(posting(42), answer(201, "{\"id\":902}"));
    githubHas(posted(901, STARTING));
    long id = waiting(42, STARTING);

    assertThat(reportOne(reporter)).isTrue();
    again(id, STARTING);
    reportTwice();

    assertThat(calls()).containsExactly("POST 42", "POST 42", "GET 42", "POST 42");
    assertThat(statuses(id))
        .extracting(DeploymentQueries.StatusReport::postedAt)
        .doesNotContainNull();
  }

  @Test
  void a_process_that_died_after_the_post_leaves_a_doubt_to_the_next() throws Exception {
    githubHas(posted(901, STARTING));
    githubTakesTheRest();
    waiting(42, STARTING);
    assertThat(outbox.claim(now)).isPresent();

    assertThat(reportOne(reporter)).isFalse();
    assertThat(wait(reporter)).isEqualTo(Duration.ofMinutes(2));
    pass(Duration.ofMinutes(2));
    reportAll();

    assertThat(calls()).containsExactly("GET 42");
  }

  private void theDoubtStaysWhenGithubAnswers(HttpResponse look) throws Exception {
    githubAnswersOnce(posting(42), answer(502, "{}"));
    githubAnswersOnce(listing(42), look);
    githubHas(posted(901, STARTING));
    githubTakesTheRest();
    waiting(42, STARTING);

    reportTwice();
    assertThat(calls()).containsExactly("POST 42", "GET 42");
    now = reporter.nextDue().orElseThrow();
    reportAll();

    assertThat(calls()).containsExactly("POST 42", "GET 42", "GET 42");
    assertThat(reporter.nextDue()).isEmpty();
  }

  @Test
  void a_doubt_stays_while_github_is_broken() throws Exception {
    theDoubtStaysWhenGithubAnswers(answer(503, "{}"));
  }

  @Test
  void a_doubt_stays_while_github_limits_us() throws Exception {
    theDoubtStaysWhenGithubAnswers(answer(429, "{}").withHeader("Retry-After", "60"));
  }

  @Test
  void a_doubt_stays_while_the_token_is_wrong() throws Exception {
    theDoubtStaysWhenGithubAnswers(answer(401, "{\"message\":\"Bad credentials\"}"));
  }

  @Test
  void a_doubt_stays_when_the_answer_is_no_list() throws Exception {
    theDoubtStaysWhenGithubAnswers(answer(200, "<html>Please sign in</html>"));
  }
}
