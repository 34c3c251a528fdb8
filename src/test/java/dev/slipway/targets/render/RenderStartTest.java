package dev.slipway.targets.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpResponse.response;
import static org.mockserver.verify.VerificationTimes.exactly;

import dev.slipway.FreePort;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.model.HttpResponse;

/** What Render adds to the table of start answers, and a row of each kind, for both targets. */
class RenderStartTest extends RenderFixture {
  private static final List<String> BOTH = List.of("render-hook", "render-api");

  static Stream<Arguments> both(int... statuses) {
    return BOTH.stream()
        .flatMap(name -> Arrays.stream(statuses).mapToObj(at -> Arguments.of(name, at)));
  }

  static Stream<Arguments> refusing() {
    return both(400, 401, 402, 403, 404, 405, 406, 410, 413, 418, 422, 301, 302, 307, 308);
  }

  @ParameterizedTest
  @MethodSource("refusing")
  void surely_nothing_started(String name, int status) throws Exception {
    StartAnswer answer =
        startAnswered(name, json(status, "{\"id\":\"x\",\"message\":\"not this\"}"));

    assertThat(answer)
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).contains(status + ": not this"));
    assertThat(log.lines).anyMatch(line -> line.contains("nothing started"));
  }

  static Stream<Arguments> pointing() {
    return both(401, 403, 404, 410);
  }

  @ParameterizedTest
  @MethodSource("pointing")
  void a_refusal_points_to_the_setting(String name, int status) throws Exception {
    assertThat(((Verdict.Refused) startAnswered(name, json(status, ""))).reason())
        .contains(name.equals("render-hook") ? "RENDER_DEPLOY_HOOK_URL" : "RENDER_API_KEY");
  }

  static Stream<Arguments> inDoubt() {
    return both(500, 504);
  }

  @ParameterizedTest
  @MethodSource("inDoubt")
  void it_may_have_started(String name, int status) throws Exception {
    assertThat(startAnswered(name, response("<html>oops</html>").withStatusCode(status)))
        .isInstanceOfSatisfying(
            Verdict.Unknown.class,
            unknown -> assertThat(unknown.reason()).isEqualTo("Render answered " + status));
  }

  static Stream<Arguments> busy() {
    return BOTH.stream()
        .flatMap(
            name ->
                Stream.of(
                    Arguments.of(name, 409, Map.of("Retry-After", "7"), 7),
                    Arguments.of(name, 429, Map.of("Ratelimit-Reset", "45"), 45),
                    Arguments.of(name, 503, Map.of(), 10)));
  }

  @ParameterizedTest
  @MethodSource("busy")
  void busy_is_asked_again_when_render_says(
      String name, int status, Map<String, String> headers, int seconds) throws Exception {
    HttpResponse response = json(status, "{\"message\":\"slow down\"}");
    headers.forEach(response::withHeader);

    assertThat(startAnswered(name, response))
        .isEqualTo(
            new StartAnswer.Busy(
                "Render answered " + status + ": slow down", Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"render-hook", "render-api"})
  void waits_without_advice_grow_with_the_time_that_went_by(String name) throws Exception {
    now = NOW.plusSeconds(50);
    assertThat(((StartAnswer.Busy) startAnswered(name, json(503, ""))).again())
        .isEqualTo(Duration.ofSeconds(25));
    render.reset();
    now = NOW.plusSeconds(1000);
    assertThat(((StartAnswer.Busy) startAnswered(name, json(503, ""))).again())
        .isEqualTo(Duration.ofSeconds(60));
  }

  static Stream<Arguments> unreached() {
    return BOTH.stream()
        .flatMap(
            name ->
                Stream.of(
                    Arguments.of(name, 0, 2),
                    Arguments.of(name, 50, 25),
                    Arguments.of(name, 900, 60)));
  }

  @ParameterizedTest
  @MethodSource("unreached")
  void no_connection_is_asked_again_soon(String name, int after, int seconds) throws Exception {
    now = NOW.plusSeconds(after);
    URI nobody = nobody();

    assertThat(start(target(name, nobody), attempt()))
        .isEqualTo(
            new StartAnswer.Busy(
                "Render was not reached: no connection to %s: Connection refused"
                    .formatted(nobody.getAuthority()),
                Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"render-hook", "render-api"})
  void no_such_host_is_asked_again_soon(String name) throws Exception {
    assertThat(start(target(name, URI.create("http://no-such-host.invalid")), attempt()))
        .isEqualTo(
            new StartAnswer.Busy(
                "Render was not reached: no such host: no-such-host.invalid",
                Duration.ofSeconds(2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"render-hook", "render-api"})
  void no_tls_started_nothing(String name) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI tls = URI.create("https://127.0.0.1:" + server.getLocalPort());
      Thread.ofVirtual()
          .start(
              () -> {
                while (true) {
                  try (var socket = server.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 No\r\n\r\n".getBytes(UTF_8));
                  } catch (IOException closed) {
                    return;
                  }
                }
              });

      assertThat(start(target(name, tls), attempt()))
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              refused -> assertThat(refused.reason()).contains("no TLS with 127.0.0.1"));
    }
  }

  private static URI nobody() {
    return URI.create("http://127.0.0.1:" + FreePort.choose());
  }

  @ParameterizedTest
  @ValueSource(strings = {"render-hook", "render-api"})
  void a_closed_connection_may_have_started_something(String name) throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    drop(trigger(name));

    assertThat(start(target(name, base()), attempt())).isInstanceOf(Verdict.Unknown.class);
    render.verify(trigger(name), exactly(1));
  }

  static Stream<Arguments> accepting() {
    return both(200, 204);
  }

  @ParameterizedTest
  @MethodSource("accepting")
  void success_is_accepted_even_without_a_body(String name, int status) throws Exception {
    now = NOW.plusMillis(250);
    String prefix = name.equals("render-hook") ? "hook:" : "api:";

    assertThat(startAnswered(name, response().withStatusCode(status)))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted ->
                assertThat(accepted.id()).isEqualTo(prefix + NOW.plusMillis(250).toEpochMilli()));
  }

  @ParameterizedTest
  @CsvSource({"render-hook, " + HOOK_KEY, "render-hook, " + API_KEY, "render-api, " + API_KEY})
  void a_key_that_render_quotes_is_not_passed_on(String name, String key) throws Exception {
    StartAnswer answer =
        startAnswered(name, json(400, "{\"message\":\"bad\\u001b[31m\\nkey %s\"}".formatted(key)));

    assertThat(answer).isEqualTo(new Verdict.Refused("Render answered 400: bad [31m key ***"));
  }

  private StartAnswer startAnswered(String name, HttpResponse response)
      throws InterruptedException {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    on(trigger(name), response);
    StartAnswer answer = start(target(name, base()), attempt());
    render.verify(trigger(name), exactly(1));
    return answer;
  }
}
