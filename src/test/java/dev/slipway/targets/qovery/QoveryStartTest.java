package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpError.error;
import static org.mockserver.model.HttpResponse.response;
import static org.mockserver.model.JsonBody.json;

import dev.slipway.FreePort;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.Target;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.matchers.MatchType;
import org.mockserver.model.MediaType;
import org.mockserver.verify.VerificationTimes;

/** The request that starts a deploy, and the meaning of each answer. */
class QoveryStartTest extends QoveryFixture {
  private static String deployPath(String kind) {
    return "/" + kind + "/" + SERVICE + "/deploy";
  }

  private static void answer(String kind, int status, String body) {
    server.when(post(deployPath(kind))).respond(reply(status, body));
  }

  private StartAnswer start(Target target) throws InterruptedException {
    return start(target, ATTEMPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application", "job"})
  void a_deploy_is_asked_for_by_commit(String kind) throws Exception {
    answer(kind, 202, status("QUEUED", REQUEST, BEFORE));

    StartAnswer answer = start(target(kind));

    assertThat(answer)
        .isEqualTo(
            new Verdict.Accepted(REQUEST, "Qovery accepted the deploy as request " + REQUEST));
    server.verify(
        post(deployPath(kind))
            .withHeader("Authorization", "Token " + TOKEN)
            .withHeader("Accept", "application/json")
            .withHeader("Content-Type", "application/json")
            .withBody(json("{\"git_commit_id\":\"" + SHA + "\"}", MatchType.STRICT)),
        VerificationTimes.exactly(1));
    assertThat(asked()).last().isEqualTo("POST " + deployPath(kind));
    assertThat(target(kind).name()).isEqualTo("qovery-" + kind);
    assertThat(target(kind).limits()).isEqualTo(LIMITS);
  }

  @Test
  void an_application_is_deployed_by_one_call_alone() throws Exception {
    answer("application", 202, status("QUEUED", REQUEST, BEFORE));

    start(application());

    assertThat(asked()).containsExactly("POST " + deployPath("application"));
  }

  @Test
  void the_log_tells_what_was_called_and_never_the_token() throws Exception {
    answer("application", 401, "{\"message\":\"bad token " + TOKEN + "\"}");

    StartAnswer answer = start(application());

    assertThat(log.lines)
        .first()
        .isEqualTo(
            "Qovery: POST http://127.0.0.1:%d%s for commit f95f852"
                .formatted(server.getLocalPort(), deployPath("application")));
    assertThat(String.join("\n", log.lines) + answer)
        .doesNotContain(TOKEN)
        .contains("bad token ***");
  }

  @Test
  void a_jwt_is_sent_as_bearer() throws Exception {
    answer("application", 202, status("QUEUED", REQUEST, BEFORE));

    start(
        new QoveryTarget(
            "qovery-application",
            QoveryConfig.application(account("bearer"), SERVICE, LIMITS),
            new ProviderCalls(http, new Redactor(List.of())),
            () -> now));

    server.verify(
        post(deployPath("application")).withHeader("Authorization", "Bearer " + TOKEN),
        VerificationTimes.exactly(1));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          200, Accepted
          202, Accepted
          301, Refused
          302, Refused
          400, Refused
          401, Refused
          402, Refused
          403, Refused
          404, Refused
          406, Refused
          409, Busy
          410, Refused
          422, Refused
          429, Busy
          451, Refused
          500, Unknown
          501, Unknown
          502, Unknown
          503, Busy
          504, Unknown
          520, Unknown
          """)
  void every_answer_has_its_verdict(int status, String verdict) throws Exception {
    for (String kind : List.of("application", "job", "container", "helm")) {
      server.reset();
      answer(kind, status, "{\"message\":\"Invalid action\"}");

      StartAnswer answer = start(target(kind));

      assertThat(answer.getClass().getSimpleName()).as(kind).isEqualTo(verdict);
      if (status >= 300) {
        assertThat(answer.toString())
            .as(kind)
            .contains("Qovery answered " + status + ": Invalid action");
      }
      server.verify(post(deployPath(kind)), VerificationTimes.exactly(1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          401, 'scheme Token: check QOVERY_API_TOKEN'
          403, 'the role of QOVERY_API_TOKEN'
          404, 'check QOVERY_APPLICATION_ID'
          302, 'check QOVERY_API_URL'
          """)
  void a_refusal_says_what_to_check(int status, String what) throws Exception {
    answer("application", status, "<html>sorry</html>");

    assertThat(start(application()))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .startsWith("Qovery answered " + status)
                    .contains(what)
                    .doesNotContain("html"));
  }

  @Test
  void a_redirect_is_not_followed() throws Exception {
    server
        .when(post(deployPath("application")))
        .respond(
            response()
                .withStatusCode(307)
                .withHeader("Location", "http://127.0.0.1:" + server.getLocalPort() + "/stolen"));

    assertThat(start(application())).isInstanceOf(Verdict.Refused.class);
    assertThat(asked()).containsExactly("POST " + deployPath("application"));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          An action is already in progress on this environment, true
          Environment has an ongoing deployment,                true
          Service is already deploying,                         true
          Invalid action,                                       false
          commit already exists elsewhere,                      false
          '',                                                   false
          """)
  void a_bad_request_that_means_busy_is_tried_again(String message, boolean busy) throws Exception {
    answer("application", 400, "{\"message\":\"" + message + "\"}");

    assertThat(start(application()))
        .isInstanceOf(busy ? StartAnswer.Busy.class : Verdict.Refused.class)
        .asString()
        .contains("Qovery answered 400", message);
  }

  @Test
  void a_request_id_that_cannot_be_kept_is_none() throws Exception {
    answer("application", 202, "{\"deployment_request_id\":\"a\\u0000b\"}");

    assertThat(((Verdict.Accepted) start(application())).id()).startsWith("since:");
  }

  @Test
  void a_conflict_is_tried_again_after_five_to_ten_seconds() throws Exception {
    answer("application", 409, "");

    for (int i = 0; i < 5; i++) {
      assertThat(start(application()))
          .isInstanceOfSatisfying(
              StartAnswer.Busy.class,
              busy ->
                  assertThat(busy.again())
                      .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "409, 40, 40",
    "429, 40, 40",
    "503, 40, 40",
    "429, 0, 1",
    "429, 'Fri, 20 Nov 2026 10:02:00 GMT', 120"
  })
  void retry_after_is_honoured(int status, String header, int seconds) throws Exception {
    server
        .when(post(deployPath("application")))
        .respond(response().withStatusCode(status).withHeader("Retry-After", header));

    assertThat(start(application()))
        .isEqualTo(new StartAnswer.Busy("Qovery answered " + status, Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application", "job", "container", "helm"})
  void no_answer_is_unknown(String kind) throws Exception {
    server.when(post(deployPath(kind))).error(error().withDropConnection(true));

    assertThat(start(target(kind))).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void no_connection_is_tried_again_after_five_to_ten_seconds() throws Exception {
    int closed = FreePort.choose();
    var account =
        new QoveryAccount(
            URI.create("http://127.0.0.1:" + closed), account("Token").token(), "Token");

    for (Target target :
        List.of(
            new QoveryTarget(
                "qovery-application",
                QoveryConfig.application(account, SERVICE, LIMITS),
                new ProviderCalls(http, new Redactor(List.of())),
                () -> now),
            new QoveryTarget(
                "qovery-job",
                QoveryConfig.job(account, SERVICE, "START", null, LIMITS),
                new ProviderCalls(http, new Redactor(List.of())),
                () -> now))) {
      assertThat(start(target))
          .isInstanceOfSatisfying(
              StartAnswer.Busy.class,
              busy -> {
                assertThat(busy.reason())
                    .isEqualTo(
                        "Qovery was not reached: no connection to 127.0.0.1:%d: Connection refused"
                            .formatted(closed));
                assertThat(busy.again()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
              });
    }
  }

  @Test
  void a_token_that_no_header_can_hold_is_a_refusal_that_does_not_show_it() throws Exception {
    var account =
        new QoveryAccount(
            URI.create("http://127.0.0.1:" + server.getLocalPort()),
            new Secret("qov_hush\n"),
            "Token");

    assertThat(
            start(
                new QoveryTarget(
                    "qovery-application",
                    QoveryConfig.application(account, SERVICE, LIMITS),
                    new ProviderCalls(http, new Redactor(List.of())),
                    () -> now)))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused ->
                assertThat(refused.reason()).contains("Authorization").doesNotContain("hush"));
    assertThat(asked()).isEmpty();
  }

  @Test
  void without_a_commit_nothing_is_sent() throws Exception {
    for (Target target : List.of(application(), job(null, null), job(null, "v-{sha}"))) {
      assertThat(start(target, attempt(null)))
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              refused -> assertThat(refused.reason()).startsWith("Qovery needs a commit"));
    }
    assertThat(asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"deployment_request_id\":null}", "{}", "", "[]", "<html>accepted</html>"})
  void a_request_that_is_not_named_is_known_by_its_time(String body) throws Exception {
    server
        .when(post(deployPath("application")))
        .respond(response(body).withStatusCode(202).withContentType(MediaType.TEXT_PLAIN));

    assertThat(start(application()))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted ->
                assertThat(accepted.id())
                    .isEqualTo("since:" + START.minusSeconds(2).toEpochMilli()));
  }

  @Test
  void the_time_is_the_one_of_qoverys_clock() throws Exception {
    server
        .when(post(deployPath("application")))
        .respond(
            reply(202, status("QUEUED", null, BEFORE))
                .withHeader("Date", "Fri, 20 Nov 2026 09:55:00 GMT"));

    assertThat(start(application()))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted ->
                assertThat(accepted.id())
                    .isEqualTo("since:" + START.minusSeconds(302).toEpochMilli()));
  }
}
