package dev.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpError.error;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;
import static org.mockserver.model.JsonBody.json;

import dev.slipway.server.Await;
import dev.slipway.server.SlipwayServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockserver.verify.VerificationTimes;
import tools.jackson.databind.JsonNode;

/** {@code POST /api/deploy_application}. */
class ApiIT {
  private static final String DEPLOY = "/api/deploy_application";

  @TempDir Path folder;

  private SlipwayServer world() {
    return new SlipwayServer(folder)
        .set("DEPLOY_CMD", "echo \"deploying [$SLIPWAY_SHA]\" | tee -a " + folder + "/ran");
  }

  @Test
  void without_a_body_the_default_chain_runs_now_and_wait_tells_the_end() {
    try (SlipwayServer world = world().start()) {
      HttpResponse<String> answer = world.api(DEPLOY + "?wait=30s", "");

      assertThat(answer.statusCode()).isEqualTo(200);
      JsonNode state = SlipwayServer.json(answer.body());
      assertThat(state.path("state").asString()).isEqualTo("succeeded");
      assertThat(world.plainLog(state.path("log_url").asString())).contains("deploying []");
      assertThat(world.calls()).isEmpty();
    }
  }

  @Test
  void with_a_commit_it_is_deployed_and_found_again_under_its_address() {
    try (SlipwayServer world = world().start()) {
      HttpResponse<String> answer =
          world.api(
              DEPLOY,
              "{\"repository\":\"octo-org/hello-world\",\"sha\":\"" + SlipwayServer.SHA + "\"}");

      assertThat(answer.statusCode()).isIn(200, 202);
      JsonNode state = SlipwayServer.json(answer.body());
      assertThat(state.path("decision").asString()).isEqualTo("accepted");
      String address = URI.create(state.path("state_url").asString()).getPath();
      Await.until(answer::body, () -> get(world, address).body().contains("\"succeeded\""));
      assertThat(world.plainLog(state.path("log_url").asString()))
          .contains("deploying [" + SlipwayServer.SHA + "]");
    }
  }

  private static HttpResponse<String> get(SlipwayServer world, String path) {
    return world.send(
        HttpRequest.newBuilder(world.at(path))
            .header("Authorization", "Bearer api-token-of-the-test")
            .build());
  }

  @Test
  void created_on_github_first_it_runs_once_although_the_event_arrives_too() throws Exception {
    try (SlipwayServer world = world().start()) {
      world
          .services
          .when(request().withMethod("POST").withPath("/repos/octo-org/hello-world/deployments"))
          .respond(
              response()
                  .withStatusCode(201)
                  .withHeader("Content-Type", "application/json")
                  .withBody("{\"id\":42,\"sha\":\"" + SlipwayServer.SHA + "\"}"));

      HttpResponse<String> answer =
          world.api(
              DEPLOY,
              """
              {"repository":"octo-org/hello-world","ref":"main","environment":"production",
              "payload":{"a":1},"create_github_deployment":true,"required_contexts":[]}""");
      assertThat(answer.statusCode()).isIn(200, 202);
      assertThat(world.deliver(SlipwayServer.event()).body()).contains("\"duplicate\"");

      assertThat(world.awaitEnd())
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(folder.resolve("ran")).hasContent("deploying [" + SlipwayServer.SHA + "]");
      world.services.verify(
          request()
              .withMethod("POST")
              .withPath("/repos/octo-org/hello-world/deployments")
              .withBody(
                  json(
                      """
                      {"ref":"main","task":"deploy","auto_merge":false,"environment":"production",
                      "description":"","transient_environment":false,
                      "production_environment":true,"payload":{"a":1},"required_contexts":[]}""")));
    }
  }

  @Test
  void what_github_declines_is_told() {
    try (SlipwayServer world = world().start()) {
      world
          .services
          .when(request().withMethod("POST").withPath("/repos/octo-org/hello-world/deployments"))
          .respond(
              response()
                  .withStatusCode(409)
                  .withHeader("Content-Type", "application/json")
                  .withBody("{\"message\":\"Conflict: Commit status checks failed for main.\"}"));
      HttpResponse<String> answer =
          world.api(
              DEPLOY,
              "{\"repository\":\"octo-org/hello-world\",\"ref\":\"main\",\"create_github_deployment\":true}");
      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(answer.body()).contains("Commit status checks failed");
    }
  }

  @Test
  void github_is_asked_once_for_an_order_whose_answer_was_lost() {
    try (SlipwayServer world = world().start()) {
      org.mockserver.model.HttpRequest create =
          request().withMethod("POST").withPath("/repos/octo-org/hello-world/deployments");
      world.services.when(create).error(error().withDropConnection(true));
      String order =
          "{\"repository\":\"octo-org/hello-world\",\"ref\":\"main\",\"create_github_deployment\":true}";

      assertThat(order(world, "one", order).statusCode()).isEqualTo(502);
      HttpResponse<String> again = order(world, "one", order);

      assertThat(again.statusCode()).isEqualTo(409);
      assertThat(again.body()).contains("Unknown outcome");
      world.services.verify(create, VerificationTimes.exactly(1));
    }
  }

  @Test
  void an_order_that_github_declined_may_come_again_under_its_key() {
    try (SlipwayServer world = world().start()) {
      org.mockserver.model.HttpRequest create =
          request().withMethod("POST").withPath("/repos/octo-org/hello-world/deployments");
      world
          .services
          .when(create)
          .respond(
              response()
                  .withStatusCode(409)
                  .withHeader("Content-Type", "application/json")
                  .withBody("{\"message\":\"Conflict\"}"));
      String order =
          "{\"repository\":\"octo-org/hello-world\",\"ref\":\"main\",\"create_github_deployment\":true}";

      assertThat(order(world, "two", order).body()).contains("GitHub declined");
      assertThat(order(world, "two", order).body()).contains("GitHub declined");
      world.services.verify(create, VerificationTimes.exactly(2));
    }
  }

  @Test
  void everything_that_is_wrong_is_told_at_once_and_nothing_runs() {
    try (SlipwayServer world = world().start()) {
      HttpResponse<String> answer =
          world.api(
              DEPLOY, "{\"repository\":\"nobody\",\"sha\":\"xyz\",\"branch\":\"main\",\"task\":7}");

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
      assertThat(SlipwayServer.json(answer.body()).path("errors")).hasSize(4);
      assertThat(world.api(DEPLOY, "{").statusCode()).isEqualTo(400);
      assertThat(world.api(DEPLOY, "[]").statusCode()).isEqualTo(400);
      assertThat(world.api(DEPLOY + "?wait=soon", "").statusCode()).isEqualTo(400);
      assertThat(world.api(DEPLOY, "{\"route\":\"nowhere\"}").statusCode()).isEqualTo(422);
      assertThat(world.api(DEPLOY, "{\"ref\":\"main\"}").statusCode()).isEqualTo(400);
      assertThat(folder.resolve("ran")).doesNotExist();
    }
  }

  @Test
  void only_the_token_opens_the_api_and_without_one_it_is_closed() {
    try (SlipwayServer world = world().start()) {
      assertThat(
              world
                  .send(
                      HttpRequest.newBuilder(world.at(DEPLOY))
                          .POST(HttpRequest.BodyPublishers.noBody())
                          .build())
                  .statusCode())
          .isEqualTo(401);
      assertThat(
              world
                  .send(
                      HttpRequest.newBuilder(world.at(DEPLOY))
                          .header("Authorization", "Bearer wrong")
                          .POST(HttpRequest.BodyPublishers.noBody())
                          .build())
                  .statusCode())
          .isEqualTo(401);
      assertThat(world.get(world.at("/api/deployments/1")).statusCode()).isEqualTo(401);
      assertThat(get(world, "/api/deployments/999").statusCode()).isEqualTo(404);
      world.stop();
      world.without("SLIPWAY_API_TOKEN").start();
      assertThat(world.api(DEPLOY, "").statusCode()).isEqualTo(403);
      assertThat(folder.resolve("ran")).doesNotExist();
    }
  }

  private HttpResponse<String> order(SlipwayServer world, String key, String body) {
    return world.send(
        HttpRequest.newBuilder(world.at(DEPLOY))
            .header("Authorization", "Bearer api-token-of-the-test")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void an_order_with_a_known_key_starts_nothing_even_after_a_restart() throws Exception {
    String body = "{\"description\":\"once\"}";
    // Or the first command may be cut off while it starts, and is looked up for two minutes
    try (SlipwayServer world = world().set("SLIPWAY_STOP_GRACE", "10s").start()) {
      HttpResponse<String> first = order(world, "ci-4711", body);
      long id = SlipwayServer.json(first.body()).path("id").asLong();
      world.stop();
      world.start();
      HttpResponse<String> again = order(world, "ci-4711", body);
      HttpResponse<String> other = order(world, "ci-4711", "{\"description\":\"twice\"}");
      HttpResponse<String> next = order(world, "ci-4712", body);

      assertThat(SlipwayServer.json(again.body()).path("id").asLong()).isEqualTo(id);
      assertThat(SlipwayServer.json(again.body()).path("decision"))
          .isEqualTo(SlipwayServer.json(first.body()).path("decision"));
      assertThat(other.statusCode()).isEqualTo(422);
      assertThat(other.body()).contains("Idempotency-Key");
      assertThat(SlipwayServer.json(next.body()).path("id").asLong()).isGreaterThan(id);
      assertThat(order(world, "a".repeat(256), body).statusCode()).isEqualTo(400);
      Await.until(() -> ran().toString(), () -> ran().size() == 2);
      JsonNode audit = SlipwayServer.json(get(world, "/api/audit").body()).path("audit");
      assertThat(audit.findValuesAsString("action"))
          .as("one row for each order, however often it is sent")
          .containsExactly("deploy", "deploy");
      assertThat(audit.findValuesAsString("reason")).containsExactly("once", "once");
    }
  }

  private List<String> ran() {
    try {
      Path file = folder.resolve("ran");
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_name_that_leaves_its_path_is_no_repository() {
    try (SlipwayServer world = world().start()) {
      for (String name : List.of("../..", "./x", "x/..", "x/.", "../x")) {
        assertThat(world.api(DEPLOY, "{\"repository\":\"" + name + "\"}").statusCode())
            .as(name)
            .isEqualTo(400);
      }
    }
  }
}
