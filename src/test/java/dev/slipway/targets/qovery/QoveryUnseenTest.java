package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpError.error;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.model.PollResult;
import dev.slipway.targets.Target;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Polls that do not show the deploy. */
class QoveryUnseenTest extends QoveryFixture {
  private static final String STATUS = "/application/" + SERVICE + "/status";

  private PollResult poll(Target target) throws InterruptedException {
    return target.poll(ATTEMPT, REQUEST, log);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          401, 'Qovery answered 401: no; the token was sent with scheme Token: check QOVERY_API_TOKEN and its scheme (Token for an API token, Bearer for a JWT)', 30, 30
          403, 'Qovery answered 403: no; check that the role of QOVERY_API_TOKEN may do this', 30, 30
          404, 'Qovery knows no such application; check QOVERY_APPLICATION_ID and QOVERY_API_TOKEN', 30, 30
          302, 'Qovery answered 302: no; this is a redirect, check QOVERY_API_URL', 15, 30
          408, 'Qovery answered 408: no', 15, 30
          421, 'Qovery answered 421: no', 15, 30
          425, 'Qovery answered 425: no', 15, 30
          429, 'Qovery answered 429: no', 15, 30
          500, 'Qovery answered 500: no', 15, 30
          503, 'Qovery answered 503: no', 15, 30
          """)
  void an_answer_that_is_no_status_leaves_the_deploy_unseen(
      int status, String reason, int least, int most) throws Exception {
    on(STATUS, status, "{\"message\":\"no\"}");

    assertThat(poll(application()))
        .isInstanceOfSatisfying(
            PollResult.Unseen.class,
            unseen -> {
              assertThat(unseen.reason()).isEqualTo(reason);
              assertThat(unseen.again())
                  .isBetween(Duration.ofSeconds(least), Duration.ofSeconds(most));
            });
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "77, 77", "300, 300", "86400, 300"})
  void retry_after_sets_the_pace_within_reason(String asked, int seconds) throws Exception {
    server
        .when(get(STATUS))
        .respond(response().withStatusCode(429).withHeader("Retry-After", asked));

    assertThat(poll(application()))
        .isEqualTo(new PollResult.Unseen("Qovery answered 429", Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "\"DEPLOYED\""})
  void a_good_answer_that_says_nothing_leaves_the_deploy_unseen(String body) throws Exception {
    on(STATUS, 200, body);

    assertThat(poll(application())).isInstanceOf(PollResult.Unseen.class);
  }

  @Test
  void no_answer_leaves_the_deploy_unseen() throws Exception {
    server.when(get(STATUS)).error(error().withDropConnection(true));

    assertThat(poll(application())).isInstanceOf(PollResult.Unseen.class);
  }
}
