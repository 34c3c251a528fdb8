package dev.slipway.targets.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpError.error;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.http.Http;
import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.Repository;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.FakeCallbacks;
import dev.slipway.targets.FencedException;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.StartExecutor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.model.HttpRequest;

class HttpTargetTest {
  private static final String SECRET = "secret-of-the-receiver-hush";
  private static final String SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";
  private static final Instant SINCE = Instant.parse("2026-11-20T10:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-20T10:01:00Z");
  private static final String ID = "42-1-http-" + SINCE.getEpochSecond();
  private static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(2),
          Duration.ofSeconds(20),
          Duration.ofMinutes(3),
          Duration.ofHours(1));

  private static ClientAndServer receiver;
  private static Http http;

  private final FakeCallbacks callbacks = new FakeCallbacks();
  private final List<String> logged = new ArrayList<>();
  private final AttemptLog log =
      new AttemptLog() {
        @Override
        public void log(String line) {
          logged.add(line);
        }

        @Override
        public void output(byte[] bytes, int offset, int length) {
          throw new AssertionError("a request has no output");
        }
      };

  @BeforeAll
  static void startReceiver() {
    receiver = ClientAndServer.startClientAndServer(0);
    http = new Http(Duration.ofSeconds(30), "Slipway/test");
  }

  @AfterAll
  static void stopReceiver() {
    http.close();
    receiver.stop();
  }

  @BeforeEach
  void forget() {
    receiver.reset();
  }

  @AfterEach
  void nothing_logged_holds_a_secret() {
    assertThat(String.join("\n", logged)).doesNotContain("hush");
  }

  private static URI url() {
    return URI.create("http://127.0.0.1:" + receiver.getPort() + "/deploy");
  }

  private HttpTarget target() {
    return new HttpTarget(
        "http",
        new HttpConfig(url(), new Secret(SECRET), LIMITS),
        new ProviderCalls(http, new Redactor(List.of())),
        callbacks,
        () -> NOW);
  }

  private static Attempt attempt(@Nullable Long githubId, @Nullable String sha) {
    return new Attempt(
        new Deployment(
            new Repository("github.com", 1, "acme/web"),
            githubId,
            sha,
            "main",
            new Environment("production", false, true),
            "deploy",
            "{\"price\": 1.10, \"price\": 2}",
            "from \"chat\"",
            "mia",
            SINCE),
        42,
        1,
        "http",
        SINCE,
        null);
  }

  private static Attempt attempt() {
    return attempt(7L, SHA);
  }

  private StartAnswer start(int status, String body) throws InterruptedException {
    receiver
        .when(request().withMethod("POST").withPath("/deploy"))
        .respond(response().withStatusCode(status).withBody(body));
    return start(attempt());
  }

  private StartAnswer start(Attempt attempt) throws InterruptedException {
    try {
      return new StartExecutor(http::send, () -> NOW).start(target(), attempt, () -> {}, log);
    } catch (FencedException e) {
      throw new AssertionError(e);
    }
  }

  private PollResult poll(String id) {
    return target().poll(attempt(), id, log);
  }

  private static String body(HttpRequest sent) {
    return new String(sent.getBodyAsRawBytes(), StandardCharsets.UTF_8);
  }

  private static HttpRequest sent() {
    HttpRequest[] all = receiver.retrieveRecordedRequests(null);
    assertThat(all).hasSize(1);
    return all[0];
  }

  @Test
  void the_request_tells_of_the_deployment_and_is_signed() throws Exception {
    assertThat(start(202, ""))
        .isEqualTo(
            new Verdict.Accepted(
                "callback", "The receiver accepted it; its callback says how it ends"));

    HttpRequest sent = sent();
    String body = body(sent);
    assertThat(body)
        .isEqualTo(
            "{\"id\":\"%s\",\"host\":\"github.com\",\"repository\":\"acme/web\",".formatted(ID)
                + "\"deployment_id\":7,\"environment\":\"production\",\"task\":\"deploy\","
                + "\"ref\":\"main\",\"sha\":\"%s\",".formatted(SHA)
                + "\"payload\":{\"price\": 1.10, \"price\": 2},"
                + "\"description\":\"from \\\"chat\\\"\",\"creator\":\"mia\","
                + "\"callback_url\":\"https://slipway.example/callbacks/%s/%s\"}"
                    .formatted(ID, FakeCallbacks.KEY));
    String stamp = Long.toString(NOW.getEpochSecond());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] expected = mac.doFinal((ID + "." + stamp + "." + body).getBytes(StandardCharsets.UTF_8));
    assertThat(sent.getFirstHeader("webhook-id")).isEqualTo(ID);
    assertThat(sent.getFirstHeader("webhook-timestamp")).isEqualTo(stamp);
    assertThat(sent.getFirstHeader("webhook-signature"))
        .isEqualTo("v1," + Base64.getEncoder().encodeToString(expected));
    assertThat(sent.getFirstHeader("content-type")).startsWith("application/json");
    assertThat(logged)
        .containsExactly(
            "HTTP: POST " + url() + " for f95f852",
            "HTTP: The receiver accepted it; its callback says how it ends");
  }

  @Test
  void what_is_not_known_of_a_deployment_is_null() throws Exception {
    receiver.when(request()).respond(response().withStatusCode(202));

    start(attempt(null, null));

    assertThat(body(sent())).contains("\"deployment_id\":null", "\"sha\":null");
  }

  @Test
  void the_request_is_shown_without_secrets() {
    assertThat(target().preview(attempt()).description())
        .contains("POST " + url(), "webhook-signature: ***", "callbacks/" + ID + "/***")
        .doesNotContain("hush");
  }

  @Test
  void an_end_that_is_answered_at_once_is_kept_with_the_id() throws Exception {
    var answer =
        start(
            200,
            """
            {"state":"success","description":"Live\\nnow, says %s",
            "environment_url":"https://web.example/","more":1}\
            """
                .formatted(SECRET));

    assertThat(answer)
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted -> {
              assertThat(accepted.id()).doesNotContain("hush");
              assertThat(poll(accepted.id()))
                  .isEqualTo(
                      new PollResult.Over(
                          new End.Succeeded(
                              URI.create("https://web.example/"), "Live now, says ***")));
            });
  }

  @ParameterizedTest
  @CsvSource({"failure,FAILED", "error,ERRORED", "success,SUCCEEDED"})
  void each_state_is_an_end(String state, End.Kind kind) throws Exception {
    var accepted = (Verdict.Accepted) start(200, "{\"state\":\"" + state + "\"}");

    assertThat(poll(accepted.id()))
        .isEqualTo(new PollResult.Over(End.of(kind, "The receiver says " + state, null)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "OK",
        "{}",
        "[]",
        "{\"state\":\"SUCCESS\"}",
        "{\"state\":1}",
        "{\"state\":\"success\",\"state\":\"failure\"}"
      })
  void a_success_without_a_state_is_in_doubt(String body) throws Exception {
    assertThat(start(200, body)).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void another_success_is_in_doubt_whatever_it_says() throws Exception {
    assertThat(start(201, "{\"state\":\"success\"}")).isInstanceOf(Verdict.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource({"400,Refused", "401,Refused", "404,Refused", "503,Busy", "500,Unknown"})
  void other_answers_mean_what_they_mean_everywhere(int status, String kind) throws Exception {
    StartAnswer answer =
        start(status, "{\"message\":\"no %s/%s\"}".formatted(ID, FakeCallbacks.KEY));

    assertThat(answer.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(answer.toString()).contains("answered " + status).doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"javascript:alert(1)\"",
        "\"https://user:password@web.example/\"",
        "\"/relative\"",
        "7"
      })
  void an_address_that_must_not_be_shown_is_left_out(String url) throws Exception {
    String body = "{\"state\":\"success\",\"environment_url\":" + url + "}";
    callbacks.receive(attempt(), body);
    PollResult end = new PollResult.Over(new End.Succeeded(null, "The receiver says success"));

    assertThat(poll("callback")).isEqualTo(end);
    assertThat(logged).singleElement().asString().contains("environment_url was left out");
    assertThat(start(200, body))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted -> {
              assertThat(accepted.reason()).contains("environment_url was left out");
              assertThat(poll(accepted.id())).isEqualTo(end);
            });
  }

  @Test
  void a_deploy_goes_on_until_its_callback_comes() {
    assertThat(poll("callback")).isInstanceOf(PollResult.Going.class);

    callbacks.receive(attempt(), "{\"state\":\"failure\",\"description\":\"no disk\"}");

    assertThat(poll("callback")).isEqualTo(new PollResult.Over(new End.Failed("no disk")));
  }

  @Test
  void a_callback_without_a_state_ends_as_an_error_that_says_what_to_check() {
    callbacks.receive(attempt(), "done");

    assertThat(poll("callback"))
        .isInstanceOfSatisfying(
            PollResult.Over.class,
            over -> {
              assertThat(over.end()).isInstanceOf(End.Errored.class);
              assertThat(over.end().reason()).contains("without a state", url().toString(), ID);
            });
  }

  @Test
  void a_lost_answer_is_in_doubt_until_a_callback_proves_the_start() throws Exception {
    receiver.when(request()).error(error().withDropConnection(true));
    assertThat(start(attempt())).isInstanceOf(Verdict.Unknown.class);

    assertThat(target().lookUp(attempt(), log))
        .isInstanceOfSatisfying(
            LookupResult.Unreachable.class,
            waiting -> assertThat(waiting.reason()).contains(url().toString(), ID));

    callbacks.receive(attempt(), "{\"state\":\"success\"}");
    assertThat(target().lookUp(attempt(), log))
        .isEqualTo(new LookupResult.Found("callback", "The receiver called back"));
    assertThat(receiver.retrieveRecordedRequests(null)).hasSize(1);
  }

  @Test
  void a_stop_says_that_nothing_can_be_cancelled() {
    assertThat(target().stop(attempt(), "callback", log).outcome()).startsWith("not stopped: ");
  }
}
