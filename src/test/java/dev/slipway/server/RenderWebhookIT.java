package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.secret.Secret;
import dev.slipway.secret.WebhookSigner;
import dev.slipway.store.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Render says that something happened, and Slipway looks. */
@Execution(ExecutionMode.CONCURRENT)
class RenderWebhookIT {
  private static final String SERVICE = "srv-cukouhrtq21c73e9scng";
  private static final String DEPLOYS = "/v1/services/" + SERVICE + "/deploys";
  private static final String SECRET = "whsec_c2VjcmV0IG9mIHJlbmRlcg==";
  private static final String EVENT =
      """
      {"type":"deploy_ended","timestamp":"2026-11-20T10:05:00Z","data":{"id":"evt-1",
      "serviceId":"%s","serviceName":"web","status":"succeeded"}}"""
          .formatted(SERVICE);

  @TempDir Path folder;

  private final AtomicReference<String> status = new AtomicReference<>("created");

  private static String json(String status) {
    return """
        {"id":"dep-1","status":"%s","trigger":"api","commit":{"id":"%s"},
        "createdAt":"2026-11-21T10:00:01Z"}"""
        .formatted(status, SlipwayServer.SHA);
  }

  private SlipwayServer world() {
    SlipwayServer world =
        new SlipwayServer(folder)
            .set("RENDER_API_KEY", "rnd_abcdefghijklmnopqrstuvwx")
            .set("RENDER_SERVICE_ID", SERVICE)
            .set("RENDER_WEBHOOK_SECRET", SECRET)
            .set("SLIPWAY_PROVIDER_LOG", "0");
    world
        .services
        .when(request().withMethod("GET").withPath("/v1/services/" + SERVICE))
        .respond(response("{\"id\":\"%s\",\"type\":\"web_service\"}".formatted(SERVICE)));
    world
        .services
        .when(request().withMethod("POST").withPath(DEPLOYS))
        .respond(_ -> response(json("created")).withStatusCode(201));
    world
        .services
        .when(request().withMethod("GET").withPath(DEPLOYS + "/dep-1"))
        .respond(_ -> response(json(status.get())));
    return world;
  }

  private static HttpResponse<String> post(
      SlipwayServer world, String secret, Instant at, String body) {
    String signature = new WebhookSigner(new Secret(secret)).signature("evt-1", at, body);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(world.at("/webhooks/render"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    // Render may sign with two secrets while one is changed
    WebhookSigner.headers("evt-1", at, "v1,b3RoZXI= " + signature).forEach(request::header);
    return world.send(request.build());
  }

  @ParameterizedTest
  @EnumSource
  void a_deploy_that_is_followed_is_looked_at_at_once(TestDatabases kind) {
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", kind.url())) {
      world.start().deliver(SlipwayServer.event());
      Await.until(
          () -> "not followed",
          () ->
              !world.posted(42).isEmpty()
                  && world
                      .plainLog(world.posted(42).getFirst().logUrl())
                      .contains("Render: created"));
      status.set("live");
      long spoke = System.nanoTime();

      assertThat(post(world, SECRET, Instant.now(), EVENT).statusCode()).isEqualTo(202);

      assertThat(world.awaitEnd().getLast().state()).isEqualTo("success");
      // A deploy that waits is looked at every ten seconds
      assertThat(Duration.ofNanos(System.nanoTime() - spoke)).isLessThan(Duration.ofSeconds(9));
    }
  }

  @Test
  void what_it_says_is_not_believed() {
    try (SlipwayServer world = world()) {
      world.start().deliver(SlipwayServer.event());
      Await.until(() -> "not looked at", () -> world.calls().contains("GET " + DEPLOYS + "/dep-1"));
      long before = looks(world);

      assertThat(post(world, SECRET, Instant.now(), EVENT).statusCode()).isEqualTo(202);

      Await.until(() -> "not looked at again", () -> looks(world) > before);
      assertThat(world.posted(42)).allMatch(posted -> posted.state().equals("in_progress"));
    }
  }

  private static long looks(SlipwayServer world) {
    return world.calls().stream().filter(("GET " + DEPLOYS + "/dep-1")::equals).count();
  }

  @Test
  void what_is_forged_stale_or_about_nothing_changes_nothing() {
    try (SlipwayServer world = world().start()) {
      Instant now = Instant.now();

      HttpResponse<String> forged = post(world, "whsec_b3RoZXI=", now, EVENT);
      assertThat(forged.statusCode()).isEqualTo(401);
      assertThat(forged.body()).contains("RENDER_WEBHOOK_SECRET").doesNotContain(SECRET);
      assertThat(post(world, SECRET, now.minusSeconds(301), EVENT).statusCode()).isEqualTo(401);
      assertThat(post(world, SECRET, now.plusSeconds(320), EVENT).statusCode()).isEqualTo(401);
      assertThat(post(world, SECRET, now, "{\"data\":{}}").statusCode()).isEqualTo(202);
      assertThat(post(world, SECRET, now, "no json").statusCode()).isEqualTo(202);
      assertThat(post(world, SECRET, now, "x".repeat(65 * 1024)).statusCode()).isEqualTo(413);
      HttpRequest unsigned =
          HttpRequest.newBuilder(world.at("/webhooks/render"))
              .POST(HttpRequest.BodyPublishers.ofString(EVENT))
              .build();
      assertThat(world.send(unsigned).statusCode()).isEqualTo(401);

      assertThat(world.get(world.at("/prometheus")).body())
          .contains(
              "slipway_refused_total{cause=\"signature_wrong\",endpoint=\"render_webhook\"} 2",
              "slipway_refused_total{cause=\"stale\",endpoint=\"render_webhook\"} 2");
    }
  }

  @Test
  void without_a_secret_nobody_is_let_in() {
    try (SlipwayServer world = world().without("RENDER_WEBHOOK_SECRET").start()) {
      HttpResponse<String> answer = post(world, SECRET, Instant.now(), EVENT);

      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("RENDER_WEBHOOK_SECRET is not set");
    }
  }
}
