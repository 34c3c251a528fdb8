package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpError.error;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.model.HttpResponse;

/**
 * A trigger whose answer is lost: looked up at the provider, followed when it is there, and the
 * next target only when it surely is not.
 */
@Execution(ExecutionMode.CONCURRENT)
class UnknownOutcomeIT {
  private static final String SERVICE = "srv-cabcdefghijklmnopqrs";
  private static final String DEPLOYS = "/v1/services/" + SERVICE + "/deploys";
  private static final String FALLBACK = "the shell ran";

  @TempDir Path folder;

  private SlipwayServer world(String loss) {
    SlipwayServer world =
        new SlipwayServer(folder)
            .set("RENDER_API_KEY", "rnd_0123456789")
            .set("RENDER_SERVICE_ID", SERVICE)
            .set("SLIPWAY_UNKNOWN_GRACE", "1s")
            .set("SLIPWAY_UNKNOWN_LIMIT", "2s")
            .set("DEPLOY_CMD", "echo " + FALLBACK);
    var trigger = world.services.when(request().withMethod("POST").withPath(DEPLOYS));
    if (loss.equals("cut")) {
      trigger.error(error().withDropConnection(true));
    } else {
      trigger.respond(json(Integer.parseInt(loss), "{\"message\":\"oh\"}"));
    }
    world
        .services
        .when(request().withMethod("GET").withPath("/v1/services/" + SERVICE))
        .respond(
            json(
                200,
                """
                {"id":"%s","type":"web_service","autoDeploy":"no","branch":"main",
                "serviceDetails":{"url":"https://hello.onrender.example"},
                "dashboardUrl":"https://dashboard.render.example/web/x"}"""
                    .formatted(SERVICE)));
    world
        .services
        .when(request().withMethod("GET").withPath("/v1/services/" + SERVICE + "/events"))
        .respond(json(200, "[]"));
    return world;
  }

  private static HttpResponse json(int status, String body) {
    return response()
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json")
        .withBody(body);
  }

  private static String deploy(String state) {
    return """
        {"id":"dep-1","status":"%s","trigger":"api","commit":{"id":"%s"},"createdAt":"%s"}"""
        .formatted(state, SlipwayServer.SHA, Instant.now());
  }

  private static List<SlipwayServer.Posted> end(SlipwayServer world) {
    world.start().deliver(SlipwayServer.event());
    List<SlipwayServer.Posted> posted = world.awaitEnd();
    assertThat(world.calls())
        .filteredOn(call -> call.startsWith("POST"))
        .as("one trigger, whatever happened")
        .containsExactly("POST " + DEPLOYS);
    return posted;
  }

  @ParameterizedTest
  @ValueSource(strings = {"500", "502", "504", "cut"})
  void what_render_did_start_is_found_and_followed(String loss) {
    try (SlipwayServer world = world(loss)) {
      world
          .services
          .when(request().withMethod("GET").withPath(DEPLOYS))
          .respond(
              _ ->
                  json(200, "[{\"deploy\":" + deploy("build_in_progress") + ",\"cursor\":\"c\"}]"));
      world
          .services
          .when(request().withMethod("GET").withPath(DEPLOYS + "/dep-1"))
          .respond(_ -> json(200, deploy("live")));

      List<SlipwayServer.Posted> posted = end(world);

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(world.plainLog(posted.getFirst().logUrl())).doesNotContain(FALLBACK);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "cut")
  void what_is_surely_absent_after_the_grace_time_goes_to_the_next_target(String loss) {
    try (SlipwayServer world = world(loss)) {
      world.services.when(request().withMethod("GET").withPath(DEPLOYS)).respond(json(200, "[]"));

      List<SlipwayServer.Posted> posted = end(world);

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "in_progress", "success");
      assertThat(world.plainLog(posted.getFirst().logUrl())).contains(FALLBACK);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "504")
  void what_cannot_be_known_ends_as_an_error_that_says_what_to_check(String loss) {
    try (SlipwayServer world = world(loss)) {
      world
          .services
          .when(request().withMethod("GET").withPath(DEPLOYS))
          .respond(json(500, "{\"message\":\"oh\"}"));

      List<SlipwayServer.Posted> posted = end(world);

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "error");
      assertThat(posted.getLast().description()).contains("Outcome unknown at render-api");
      assertThat(world.plainLog(posted.getFirst().logUrl()))
          .contains("dashboard")
          .doesNotContain(FALLBACK);
    }
  }
}
