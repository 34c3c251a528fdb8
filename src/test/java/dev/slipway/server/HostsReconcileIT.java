package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.store.TestDatabases;
import dev.slipway.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.model.ClearType;
import org.mockserver.model.HttpResponse;

/**
 * What two GitHub hosts could not deliver, while one of them is away. The first is known as
 * 127.0.0.1, the other one as localhost.
 */
class HostsReconcileIT {
  private static final String DEPLOYMENTS = "/repos/octo-org/hello-world/deployments";
  private static final String HOOKS = "/repos/octo-org/hello-world/hooks";
  private static final String BASE = "/api/v3";

  @TempDir Path folder;
  private final ClientAndServer other = ClientAndServer.startClientAndServer(0);
  private final AtomicInteger firstAnswers = new AtomicInteger(200);
  private final AtomicInteger otherAnswers = new AtomicInteger(200);
  private SlipwayServer world;

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        folder.resolve("slipway.yml"),
        """
        github-hosts:
          - api-url: http://localhost:%d/api/v3
            webhook-secret: the secret of the other host
            token: ghp_otherhostotherhostotherhostotherhost
            content-per-minute: 0
            content-per-hour: 0
        """
            .formatted(other.getPort()));
    world =
        new SlipwayServer(folder)
            .set(
                "DEPLOY_CMD",
                "echo $SLIPWAY_HOST $SLIPWAY_DEPLOYMENT_ID >> %s/ran".formatted(folder))
            .set("SLIPWAY_REPOSITORIES", "octo-org/hello-world")
            .set("SLIPWAY_PUBLIC_URL", "https://deploy.example.com")
            .set("SLIPWAY_RECONCILE_EVERY", "200ms")
            .set("SLIPWAY_RECONCILE_GRACE", "1ms");
    other
        .when(request().withMethod("POST").withPath(BASE + "/repos/.*/statuses"))
        .respond(json(201, "{\"id\":5}"));
    for (ClientAndServer github : List.of(world.services, other)) {
      answer(github, DEPLOYMENTS + "/\\d+/statuses", new AtomicReference<>("[]"));
    }
  }

  @AfterEach
  void close() {
    world.close();
    other.stop();
  }

  private static HttpResponse json(int status, String body) {
    return response(body).withStatusCode(status).withHeader("Content-Type", "application/json");
  }

  private void answer(ClientAndServer github, String path, AtomicReference<String> body) {
    boolean isFirst = github.equals(world.services);
    AtomicInteger status = isFirst ? firstAnswers : otherAnswers;
    github
        .when(request().withMethod("GET").withPath((isFirst ? "" : BASE) + path))
        .respond(
            _ ->
                status.get() == 200
                    ? json(200, body.get())
                    : json(status.get(), "{\"message\":\"away\"}"));
  }

  private void awaitCall(ClientAndServer github, String path) {
    String whole = (github.equals(world.services) ? "" : BASE) + path;
    Await.until(
        () -> whole + " is not asked for",
        () ->
            github.retrieveRecordedRequests(request().withMethod("GET").withPath(whole)).length
                > 0);
  }

  private static String now() {
    return new SystemTime().instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** As the host lists it. */
  private static String made(String api) {
    return SlipwayServer.json(event(api)).path("deployment").toString();
  }

  private static String event(String api) {
    return SlipwayServer.event()
        .replace(SlipwayServer.CREATED_AT, now())
        .replace(
            "\"deployment\":{", "\"deployment\":{\"url\":\"%s%s/42\",".formatted(api, DEPLOYMENTS));
  }

  private List<String> ran() {
    try {
      Path file = folder.resolve("ran");
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> postedToOther() {
    return Arrays.stream(other.retrieveRecordedRequests(request().withMethod("POST")))
        .map(post -> SlipwayServer.json(post.getBodyAsString()).path("state").asString())
        .toList();
  }

  private void awaitEndAtOther() {
    Await.until(() -> postedToOther().toString(), () -> postedToOther().contains("success"));
  }

  @ParameterizedTest
  @EnumSource
  void what_one_host_lists_is_deployed_while_the_other_is_away_and_its_own_later(
      TestDatabases kind) {
    AtomicReference<String> ofFirst = new AtomicReference<>("[]");
    AtomicReference<String> ofOther = new AtomicReference<>("[]");
    answer(world.services, DEPLOYMENTS, ofFirst);
    answer(other, DEPLOYMENTS, ofOther);
    world.set("SLIPWAY_DATABASE_URL", kind.url()).start();
    awaitCall(world.services, DEPLOYMENTS);
    awaitCall(other, DEPLOYMENTS);
    world.stop();
    // One number, two deployments
    ofFirst.set("[" + made("http://127.0.0.1") + "]");
    ofOther.set("[" + made("http://localhost/api/v3") + "]");
    otherAnswers.set(503);
    other.clear(request(), ClearType.LOG);
    world.start();

    assertThat(world.awaitEnd(42).getLast().state()).isEqualTo("success");
    awaitCall(other, DEPLOYMENTS);
    assertThat(ran()).containsExactly("127.0.0.1 42");

    otherAnswers.set(200);
    awaitEndAtOther();
    world.stop();
    world.start();
    world.services.clear(request(), ClearType.LOG);
    other.clear(request(), ClearType.LOG);
    awaitCall(world.services, DEPLOYMENTS);
    awaitCall(other, DEPLOYMENTS);
    assertThat(ran()).containsExactly("127.0.0.1 42", "localhost 42");
  }

  @ParameterizedTest
  @EnumSource
  void what_one_host_delivers_does_not_hide_that_the_other_is_silent(TestDatabases kind)
      throws Exception {
    AtomicReference<String> ofOther = new AtomicReference<>("[]");
    answer(world.services, DEPLOYMENTS, new AtomicReference<>("[]"));
    answer(other, DEPLOYMENTS, ofOther);
    world.set("SLIPWAY_DATABASE_URL", kind.url()).start();
    awaitCall(other, DEPLOYMENTS);
    ofOther.set("[" + made("http://localhost/api/v3") + "]");
    awaitEndAtOther();
    awaitReadiness("localhost made 1 deployment, and has delivered none of its events yet");

    world.deliver(SlipwayServer.event());
    awaitReadiness("\"host\":\"127.0.0.1\",\"last_delivery\":\"2");

    assertThat(get("/health/readiness"))
        .contains(
            "localhost made 1 deployment, and has delivered none",
            "\"deployments_missed\":1,\"github_hosts\":[",
            "{\"host\":\"localhost\",\"last_delivery\":null,\"deployments_missed\":1}")
        .doesNotContain("127.0.0.1 made");
    assertThat(get("/prometheus"))
        .contains(
            "slipway_deployments_missed{host=\"127.0.0.1\"} 0.0",
            "slipway_deployments_missed{host=\"localhost\"} 1.0",
            "slipway_last_delivery_timestamp_seconds{host=\"127.0.0.1\"} ")
        .doesNotContain("slipway_last_delivery_timestamp_seconds{host=\"localhost\"}");
    assertThat(page(world.posted(42).getFirst().logUrl())).doesNotContain("made 1 deployment");
    assertThat(page(logUrlAtOther())).contains("GitHub made 1 deployment, and has delivered none");
  }

  private String get(String path) {
    return world.get(world.at(path)).body();
  }

  private String page(String logUrl) {
    return world.get(URI.create(world.onThisPort(logUrl))).body();
  }

  private String logUrlAtOther() {
    return SlipwayServer.json(
            other.retrieveRecordedRequests(request().withMethod("POST"))[0].getBodyAsString())
        .path("log_url")
        .asString();
  }

  private void awaitReadiness(String part) {
    Await.until(() -> get("/health/readiness"), () -> get("/health/readiness").contains(part));
  }

  @ParameterizedTest
  @EnumSource
  void a_failed_delivery_of_one_host_is_taken_while_the_other_is_away(TestDatabases kind) {
    String deliveries = HOOKS + "/8/deliveries";
    AtomicReference<String> failed = new AtomicReference<>("[]");
    AtomicReference<String> delivery = new AtomicReference<>("{}");
    firstAnswers.set(503);
    answer(world.services, ".*", new AtomicReference<>("[]"));
    answer(other, DEPLOYMENTS, new AtomicReference<>("[]"));
    answer(
        other,
        HOOKS,
        new AtomicReference<>(
            "[{\"id\":8,\"config\":{\"url\":\"https://deploy.example.com/webhooks/github\"}}]"));
    answer(other, deliveries, failed);
    answer(other, deliveries + "/5", delivery);
    world.set("SLIPWAY_DATABASE_URL", kind.url()).start();
    awaitCall(other, deliveries);
    world.stop();
    delivery.set("{\"id\":5,\"request\":{\"payload\":" + event("http://localhost/api/v3") + "}}");
    failed.set(
        "[{\"id\":5,\"guid\":\"g1\",\"event\":\"deployment\",\"status\":\"timed out\",\"delivered_at\":\"%s\"}]"
            .formatted(now()));
    world.start();

    awaitEndAtOther();
    assertThat(ran()).containsExactly("localhost 42");
    assertThat(world.posted(42)).isEmpty();
    awaitCall(world.services, DEPLOYMENTS);
  }
}
