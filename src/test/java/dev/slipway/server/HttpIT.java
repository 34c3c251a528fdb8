package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.store.TestDatabases;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** A signed delivery in, a signed request to a receiver out, and its end by answer or callback. */
@Execution(ExecutionMode.CONCURRENT)
class HttpIT {
  private static final String KEY = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String LIVE =
      """
      {"state":"success","description":"Live","environment_url":"https://web.example/"}""";

  @TempDir Path folder;

  private SlipwayServer world() {
    SlipwayServer world = new SlipwayServer(folder);
    return world
        .set("DEPLOY_HTTP_URL", world.base() + "/receiver")
        .set("DEPLOY_HTTP_SECRET", "whsec_" + KEY);
  }

  private static void answers(SlipwayServer world, int status, String body) {
    world
        .services
        .when(request().withMethod("POST").withPath("/receiver"))
        .respond(response().withStatusCode(status).withBody(body));
  }

  private static List<org.mockserver.model.HttpRequest> orders(SlipwayServer world) {
    return Arrays.asList(world.services.retrieveRecordedRequests(request().withPath("/receiver")));
  }

  private static org.mockserver.model.HttpRequest order(SlipwayServer world) {
    Await.until(() -> "no order came", () -> !orders(world).isEmpty());
    return orders(world).getFirst();
  }

  private static JsonNode json(org.mockserver.model.HttpRequest order) {
    return SlipwayServer.json(new String(order.getBodyAsRawBytes(), StandardCharsets.UTF_8));
  }

  private static int callBack(SlipwayServer world, String more, String body) {
    String url = json(order(world)).path("callback_url").asString();
    return world
        .send(
            HttpRequest.newBuilder(URI.create(world.onThisPort(url + more)))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build())
        .statusCode();
  }

  private static void awaitStart(SlipwayServer world) {
    Await.until(
        () -> "not accepted",
        () ->
            !world.posted(42).isEmpty()
                && world
                    .plainLog(world.posted(42).getFirst().logUrl())
                    .contains("its callback says how it ends"));
  }

  private static void assertSucceeded(SlipwayServer world) {
    List<SlipwayServer.Posted> posted = world.awaitEnd();
    assertThat(posted)
        .extracting(SlipwayServer.Posted::state)
        .containsExactly("in_progress", "success");
    assertThat(posted.getLast().description()).contains("Live");
    assertThat(posted.getLast().body().path("environment_url").asString())
        .isEqualTo("https://web.example/");
    assertThat(orders(world)).as("one order, whatever happened").hasSize(1);
    assertThat(world.plainLog(posted.getFirst().logUrl())).doesNotContain(KEY);
  }

  @Test
  void a_receiver_gets_a_signed_order_and_answers_at_once() throws Exception {
    try (SlipwayServer world = world()) {
      answers(world, 200, LIVE);
      world.start().deliver(SlipwayServer.event());

      assertSucceeded(world);

      var order = order(world);
      String id = order.getFirstHeader("webhook-id");
      String signed =
          id
              + "."
              + order.getFirstHeader("webhook-timestamp")
              + "."
              + new String(order.getBodyAsRawBytes(), StandardCharsets.UTF_8);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
      assertThat(order.getFirstHeader("webhook-signature"))
          .isEqualTo(
              "v1,"
                  + Base64.getEncoder()
                      .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
      JsonNode json = json(order);
      assertThat(json.propertyNames())
          .containsExactly(
              "id",
              "host",
              "repository",
              "deployment_id",
              "environment",
              "task",
              "ref",
              "sha",
              "payload",
              "description",
              "creator",
              "callback_url");
      assertThat(json.path("id").asString()).isEqualTo(id);
      assertThat(json.path("deployment_id").asLong()).isEqualTo(42);
      assertThat(json.path("repository").asString()).isEqualTo("octo-org/hello-world");
      assertThat(json.path("sha").asString()).isEqualTo(SlipwayServer.SHA);
      assertThat(json.path("payload").toString()).isEqualTo("{\"reason\":\"because\"}");
    }
  }

  @Test
  void only_the_first_callback_with_the_right_key_ends_a_deploy() {
    try (SlipwayServer world = world()) {
      answers(world, 202, "");
      world.start().deliver(SlipwayServer.event());
      awaitStart(world);

      assertThat(callBack(world, "x", "{\"state\":\"error\"}")).isEqualTo(404);
      assertThat(world.posted(42))
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress");
      assertThat(callBack(world, "", LIVE)).isEqualTo(202);
      assertThat(callBack(world, "", "{\"state\":\"failure\"}")).isEqualTo(200);

      assertSucceeded(world);
    }
  }

  @Test
  void a_callback_that_is_faster_than_the_answer_counts() {
    try (SlipwayServer world = world()) {
      world
          .services
          .when(request().withMethod("POST").withPath("/receiver"))
          .respond(
              order -> {
                String url = json(order).path("callback_url").asString();
                var answer =
                    world.send(
                        HttpRequest.newBuilder(URI.create(world.onThisPort(url)))
                            .POST(HttpRequest.BodyPublishers.ofString(LIVE))
                            .build());
                assertThat(answer.statusCode()).isEqualTo(202);
                // What it did is in doubt, were it not for the callback
                return response().withStatusCode(500);
              });
      world.start().deliver(SlipwayServer.event());

      assertSucceeded(world);
    }
  }

  @Test
  void a_deploy_that_was_accepted_is_ended_by_a_callback_to_the_next_process() {
    try (SlipwayServer world = world()) {
      answers(world, 202, "");
      world.start().deliver(SlipwayServer.event());
      awaitStart(world);

      world.stop();
      world.start();
      assertThat(callBack(world, "", LIVE)).isEqualTo(202);

      assertSucceeded(world);
    }
  }

  @Test
  void a_callback_may_come_to_another_replica() {
    String database = TestDatabases.POSTGRESQL.url();
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", database);
        SlipwayServer replica =
            new SlipwayServer(folder.resolve("replica"))
                .set("SLIPWAY_DATABASE_URL", database)
                .set("GITHUB_API_URL", world.base())
                .set("DEPLOY_HTTP_URL", world.base() + "/receiver")
                .set("DEPLOY_HTTP_SECRET", "whsec_" + KEY)) {
      answers(world, 202, "");
      world.start().deliver(SlipwayServer.event());
      awaitStart(world);
      replica.start();

      String path = URI.create(json(order(world)).path("callback_url").asString()).getRawPath();
      assertThat(
              replica
                  .send(
                      HttpRequest.newBuilder(replica.at(path))
                          .POST(HttpRequest.BodyPublishers.ofString(LIVE))
                          .build())
                  .statusCode())
          .isEqualTo(202);

      assertSucceeded(world);
    }
  }

  @Test
  void a_callback_that_came_before_a_stop_ends_the_deploy_after_the_start() {
    try (SlipwayServer world = world().set("SLIPWAY_LOG_LINKS", "off")) {
      answers(world, 202, "");
      world.start().deliver(SlipwayServer.event());
      assertThat(callBack(world, "", LIVE)).isEqualTo(202);
      world.stop();
      world.start();

      List<SlipwayServer.Posted> posted = world.awaitEnd();
      assertThat(posted.getLast().state()).isEqualTo("success");
      assertThat(orders(world)).hasSize(1);
    }
  }
}
