package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.mockserver.model.HttpError.error;
import static org.mockserver.model.JsonBody.json;

import dev.slipway.model.StopResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.matchers.MatchType;
import org.mockserver.verify.VerificationTimes;

/** Cancelling a deploy. */
class QoveryStopTest extends QoveryFixture {
  private static final String CANCEL = "/deploymentQueue/" + REQUEST + "/cancelDeployment";

  @ParameterizedTest
  @ValueSource(strings = {"application", "job"})
  void only_our_own_request_is_cancelled(String kind) throws Exception {
    server.when(post(CANCEL)).respond(reply(202, ""));

    assertThat(target(kind).stop(ATTEMPT, REQUEST, log))
        .isEqualTo(new StopResult.Done("cancelled at Qovery"));

    server.verify(
        post(CANCEL)
            .withHeader("Authorization", "Token " + TOKEN)
            .withHeader("Content-Type", "application/json")
            .withBody(json("{}", MatchType.STRICT)),
        VerificationTimes.exactly(1));
    assertThat(asked()).containsExactly("POST " + CANCEL);
    assertThat(log.lines).last().isEqualTo("Qovery: cancelled at Qovery");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          409, 'Qovery was already cancelling it, or could not just then (409); look in'
          401, 'could not be cancelled at Qovery (Qovery answered 401: no; the token was sent with scheme Token'
          403, 'could not be cancelled at Qovery (Qovery answered 403: no; check that the role'
          404, 'could not be cancelled at Qovery (Qovery answered 404: no); cancel it in'
          """)
  void what_came_of_it_is_said(int status, String outcome) throws Exception {
    server.when(post(CANCEL)).respond(reply(status, "{\"message\":\"no\"}"));

    assertThat(application().stop(ATTEMPT, REQUEST, log))
        .isInstanceOf(StopResult.Done.class)
        .extracting(StopResult::outcome, STRING)
        .startsWith(outcome);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void an_answer_about_the_moment_is_to_be_asked_for_again(int status) throws Exception {
    server.when(post(CANCEL)).respond(reply(status, "{\"message\":\"no\"}"));

    assertThat(application().stop(ATTEMPT, REQUEST, log))
        .isEqualTo(
            new StopResult.NotYet(
                "could not be cancelled at Qovery (Qovery answered %d: no); cancel it in Qovery's console"
                    .formatted(status),
                Duration.ofSeconds(10)));
  }

  @Test
  void no_answer_leaves_it_open() throws Exception {
    server.when(post(CANCEL)).error(error().withDropConnection(true));

    assertThat(application().stop(ATTEMPT, REQUEST, log))
        .isInstanceOf(StopResult.NotYet.class)
        .extracting(StopResult::outcome, STRING)
        .startsWith("may have been cancelled at Qovery (")
        .endsWith("look in Qovery's console");
  }

  @Test
  void a_request_without_a_name_is_left_to_the_operator() throws Exception {
    assertThat(application().stop(ATTEMPT, "since:1763632800000", log).outcome())
        .startsWith("could not be cancelled at Qovery, which never named the request");
    assertThat(asked()).isEmpty();
  }

  @Test
  void an_id_cannot_lead_elsewhere() throws Exception {
    application().stop(ATTEMPT, "../x?force=1#y", log);

    assertThat(asked())
        .containsExactly("POST /deploymentQueue/..%2Fx%3Fforce%3D1%23y/cancelDeployment");
  }
}
