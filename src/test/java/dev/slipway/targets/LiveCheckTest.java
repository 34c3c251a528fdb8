package dev.slipway.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.http.Http;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.Repository;
import dev.slipway.secret.Redactor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.model.HttpResponse;

@ResourceLock("what is live in the tests")
class LiveCheckTest {
  private static final String SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";
  private static final Duration EVERY = Duration.ofSeconds(5);

  private static ClientAndServer app;
  private static Http http;

  @BeforeAll
  static void open() {
    app = ClientAndServer.startClientAndServer(0);
    http = new Http(Duration.ofSeconds(30), "Slipway/test");
  }

  @AfterAll
  static void close() {
    http.close();
    app.stop();
  }

  @BeforeEach
  void reset() {
    app.reset();
  }

  private static String base() {
    return "http://127.0.0.1:" + app.getPort();
  }

  private static void on(String path, HttpResponse answer) {
    app.when(request().withMethod("GET").withPath(path)).respond(answer);
  }

  private static LiveCheckResult check(
      String path, @Nullable String header, @Nullable String json, @Nullable String sha)
      throws InterruptedException {
    return new LiveCheck(
            new LiveCheckConfig(base() + path, Duration.ofMinutes(5), EVERY, header, json),
            new ProviderCalls(http, new Redactor(List.of())))
        .check(
            new Deployment(
                new Repository("github.com", 1, "octo/app"),
                42L,
                sha,
                "main",
                new Environment("pr 1/é", true, false),
                "deploy",
                "{}",
                "",
                "mia",
                Instant.EPOCH));
  }

  private static LiveCheckResult check(String path) throws InterruptedException {
    return check(path, null, null, SHA);
  }

  private static LiveCheckResult.NotYet notYet(String path, String seen) {
    return new LiveCheckResult.NotYet("GET " + base() + path + seen, EVERY);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204})
  void an_answer_of_success_passes(int status) throws Exception {
    on("/health", response().withStatusCode(status));

    assertThat(check("/health?key=hush"))
        .isEqualTo(new LiveCheckResult.Passed("GET " + base() + "/health answered " + status));
  }

  @ParameterizedTest
  @ValueSource(ints = {304, 404, 500, 503})
  void another_answer_does_not_yet(int status) throws Exception {
    on("/health", response().withStatusCode(status));

    assertThat(check("/health")).isEqualTo(notYet("/health", " answered " + status));
  }

  @Test
  void nobody_there_is_not_yet() throws Exception {
    LiveCheck nowhere =
        new LiveCheck(
            new LiveCheckConfig("http://127.0.0.1:1/", Duration.ofMinutes(5), EVERY, null, null),
            new ProviderCalls(http, new Redactor(List.of())));

    assertThat(nowhere.check(deployment()).seen())
        .startsWith("GET http://127.0.0.1:1/: It was not reached");
  }

  private static Deployment deployment() {
    return new Deployment(
        new Repository("github.com", 1, "octo/app"),
        42L,
        SHA,
        "main",
        new Environment("production", false, true),
        "deploy",
        "{}",
        "",
        "mia",
        Instant.EPOCH);
  }

  @ParameterizedTest
  @CsvSource({
    SHA + ", true",
    "F95F852, true",
    "f95f852bd8, true",
    "f95f85, false",
    "0123456789, false",
    SHA + "0, false"
  })
  void the_header_has_to_name_the_commit(String named, boolean passes) throws Exception {
    on("/", response("ok").withHeader("X-Commit", named));

    LiveCheckResult result = check("/", "X-Commit", null, SHA);

    assertThat(result)
        .isEqualTo(
            passes
                ? new LiveCheckResult.Passed("GET " + base() + "/ answered 200 with commit f95f852")
                : notYet(
                    "/",
                    " answered 200 with %s instead of commit f95f852 in its header x-commit"
                        .formatted(named.substring(0, Math.min(7, named.length())))));
  }

  @Test
  void a_field_of_the_json_may_name_the_commit() throws Exception {
    on("/old", response("{\"build\":{\"commit\":\"0123456789\"}}"));
    on("/new", response("{\"build\":{\"commit\":\"f95f852\"}}"));
    on("/none", response("<html>"));

    assertThat(check("/new", null, "build.commit", SHA)).isInstanceOf(LiveCheckResult.Passed.class);
    assertThat(check("/old", null, "build.commit", SHA).seen())
        .endsWith("with 0123456 instead of commit f95f852 in its field build.commit");
    assertThat(check("/none", null, "build.commit", SHA).seen())
        .endsWith("answered 200 without a commit in its field build.commit");
    assertThat(check("/old", null, "build.commit", null))
        .isInstanceOf(LiveCheckResult.Passed.class);
  }

  @Test
  void placeholders_are_encoded() throws Exception {
    on("/.*", response("ok"));

    LiveCheckResult _ = check("/{environment}/{sha}");

    assertThat(app.retrieveRecordedRequests(null)[0].getPath().getValue())
        .isEqualTo("/pr%201%2F%C3%A9/" + SHA);
    assertThat(check("/{sha}", null, null, null).seen()).contains("names no commit");
  }

  @Test
  void a_redirect_is_followed_on_the_same_host_only() throws Exception {
    on("/old", response().withStatusCode(302).withHeader("Location", "/new"));
    on("/new", response("ok"));
    on("/away", response().withStatusCode(302).withHeader("Location", "http://127.0.0.2/new"));
    on("/loop", response().withStatusCode(302).withHeader("Location", "/loop"));

    assertThat(check("/old"))
        .isEqualTo(new LiveCheckResult.Passed("GET " + base() + "/new answered 200"));
    assertThat(check("/away"))
        .isEqualTo(notYet("/away", " answered 302, a redirect that is not followed"));
    assertThat(check("/loop"))
        .isEqualTo(notYet("/loop", " answered 302, a redirect that is not followed"));
  }

  @Test
  void an_answer_that_is_too_large_is_not_yet() throws Exception {
    on("/", response("x".repeat(5 * 1024 * 1024)));

    assertThat(check("/").seen()).contains("larger than what is read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://x.example/",
        "/health",
        "https://{environment}.x.example/",
        "https://u:p@x.example/",
        "https://x.example/#a",
        "https://x.example/a b"
      })
  void a_wrong_address_is_told(String url) {
    assertThat(LiveCheckConfig.problemWith(url)).get().asString().contains("must be an address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://x.example",
        "http://localhost:8080/health?of={sha}",
        "https://x.example/{environment}/version"
      })
  void a_good_address_is_taken(String url) {
    assertThat(LiveCheckConfig.problemWith(url)).isEmpty();
  }
}
