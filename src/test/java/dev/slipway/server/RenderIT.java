package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;
import static org.mockserver.model.JsonBody.json;

import dev.slipway.store.TestDatabases;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpResponse;

/** A signed delivery in, exact calls to Render, exact statuses out. */
@Execution(ExecutionMode.CONCURRENT)
class RenderIT {
  private static final String SERVICE = "srv-cukouhrtq21c73e9scng";
  private static final String DEPLOYS = "/v1/services/" + SERVICE + "/deploys";
  private static final String KEY = "rnd_abcdefghijklmnopqrstuvwx";

  private static final String FIRST = "a".repeat(40);
  private static final String SECOND = "b".repeat(40);
  private static final Instant FORMERLY = Instant.parse("2026-11-20T10:00:00Z");

  @TempDir Path folder;

  private static HttpResponse body(int status, String json) {
    return response()
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json")
        .withBody(json);
  }

  private static String deploy(String status, String sha) {
    return """
        {"id":"dep-1","status":"%s","trigger":"deploy_hook","commit":{"id":"%s"},
        "createdAt":"2026-11-21T10:00:01Z"}"""
        .formatted(status, sha);
  }

  private static void service(SlipwayServer world) {
    world
        .services
        .when(request().withMethod("GET").withPath("/v1/services/" + SERVICE))
        .respond(
            body(
                200,
                """
                {"id":"%s","type":"web_service","autoDeploy":"no","branch":"main",
                "serviceDetails":{"url":"https://hello.onrender.example"},
                "dashboardUrl":"https://dashboard.render.example/web/%s"}"""
                    .formatted(SERVICE, SERVICE)));
  }

  private static void deploysWalk(SlipwayServer world, String end) {
    world
        .services
        .when(request().withMethod("GET").withPath(DEPLOYS + "/dep-1"), Times.exactly(1))
        .respond(body(200, deploy("build_in_progress", SlipwayServer.SHA)));
    world
        .services
        .when(request().withMethod("GET").withPath(DEPLOYS + "/dep-1"))
        .respond(body(200, deploy(end, SlipwayServer.SHA)));
    world
        .services
        .when(request().withMethod("GET").withPath("/v1/services/" + SERVICE + "/events"))
        .respond(body(200, "[]"));
  }

  private SlipwayServer hook() {
    SlipwayServer world = new SlipwayServer(folder);
    return world
        .set("RENDER_DEPLOY_HOOK_URL", world.base() + "/deploy/" + SERVICE + "?key=hook-key-1234")
        .set("RENDER_API_KEY", KEY);
  }

  @Test
  void the_hook_is_called_once_with_the_exact_commit_and_followed_until_live() {
    try (SlipwayServer world = hook()) {
      service(world);
      world
          .services
          .when(request().withMethod("POST").withPath("/deploy/" + SERVICE))
          .respond(body(200, "{\"deploy\":{\"id\":\"dep-1\"}}"));
      deploysWalk(world, "live");
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(posted.getLast().body().path("environment_url").asString())
          .isEqualTo("https://hello.onrender.example");
      assertThat(world.calls())
          .filteredOn(call -> call.startsWith("POST"))
          .containsExactly(
              "POST /deploy/" + SERVICE + "?key=hook-key-1234&ref=" + SlipwayServer.SHA);
      assertThat(world.calls()).contains("GET " + DEPLOYS + "/dep-1");
      world.services.verify(
          request()
              .withPath(DEPLOYS + "/dep-1")
              .withHeader("Authorization", "Bearer " + KEY)
              .withHeader("User-Agent", "Slipway/.+"));
      assertThat(world.plainLog(posted.getFirst().logUrl())).doesNotContain("hook-key", KEY);
    }
  }

  @Test
  void without_an_api_key_the_outcome_is_said_to_be_untracked() {
    try (SlipwayServer world = hook().without("RENDER_API_KEY")) {
      world
          .services
          .when(request().withMethod("POST").withPath("/deploy/" + SERVICE))
          .respond(body(200, "{\"deploy\":{\"id\":\"dep-1\"}}"));
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(posted.getLast().description()).contains("not tracked").contains("RENDER_API_KEY");
      assertThat(world.calls()).hasSize(1);
    }
  }

  @Test
  void the_api_gets_the_commit_and_the_clear_cache_word() {
    try (SlipwayServer world =
        new SlipwayServer(folder)
            .set("RENDER_API_KEY", KEY)
            .set("RENDER_SERVICE_ID", SERVICE)
            .set("RENDER_DEPLOY_CLEAR_CACHE", "true")) {
      service(world);
      world
          .services
          .when(request().withMethod("POST").withPath(DEPLOYS))
          .respond(body(201, deploy("created", SlipwayServer.SHA)));
      deploysWalk(world, "live");
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(world.calls())
          .filteredOn(call -> call.startsWith("POST"))
          .containsExactly("POST " + DEPLOYS);
      world.services.verify(
          request()
              .withMethod("POST")
              .withPath(DEPLOYS)
              .withHeader("Authorization", "Bearer " + KEY)
              .withHeader("Content-Type", "application/json")
              .withBody(
                  json("{\"clearCache\":\"clear\",\"commitId\":\"" + SlipwayServer.SHA + "\"}")));
    }
  }

  @Test
  void a_failing_build_is_a_failure_and_does_not_fall_through() {
    try (SlipwayServer world = hook().set("DEPLOY_CMD", "echo must not run")) {
      service(world);
      world
          .services
          .when(request().withMethod("POST").withPath("/deploy/" + SERVICE))
          .respond(body(200, "{\"deploy\":{\"id\":\"dep-1\"}}"));
      deploysWalk(world, "build_failed");
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "failure");
      assertThat(world.plainLog(posted.getFirst().logUrl())).doesNotContain("must not run");
    }
  }

  @Test
  void a_refusal_goes_on_to_the_next_target_and_github_hears_of_it() {
    try (SlipwayServer world =
        hook().set("RENDER_SERVICE_ID", SERVICE).set("DEPLOY_CMD", "echo shell does it")) {
      world
          .services
          .when(request().withMethod("POST").withPath("/deploy/" + SERVICE))
          .respond(body(401, "{\"message\":\"Unauthorized\"}"));
      world
          .services
          .when(request().withPath("/v1/.*"))
          .respond(body(401, "{\"message\":\"unauthorized\"}"));
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      // A text that GitHub has not got when the next one is there is replaced by it
      assertThat(posted.stream().map(SlipwayServer.Posted::state).distinct())
          .containsExactly("in_progress", "success");
      assertThat(posted.get(posted.size() - 2).description())
          .startsWith("Trying shell; render-api refused");
      assertThat(world.plainLog(posted.getFirst().logUrl())).contains("shell does it");
    }
  }

  @Test
  void an_unanswered_hook_is_looked_up_and_found_and_never_called_again() {
    try (SlipwayServer world = hook().set("DEPLOY_CMD", "echo must not run")) {
      service(world);
      world
          .services
          .when(request().withMethod("POST").withPath("/deploy/" + SERVICE))
          .respond(body(502, "<html>Bad gateway</html>"));
      world
          .services
          .when(request().withMethod("GET").withPath(DEPLOYS))
          .respond(
              _ ->
                  body(
                      200,
                      "[{\"deploy\":"
                          + deploy("build_in_progress", SlipwayServer.SHA)
                              .replace("2026-11-21T10:00:01Z", Instant.now().toString())
                          + ",\"cursor\":\"c\"}]"));
      deploysWalk(world, "live");
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(world.calls()).filteredOn(call -> call.startsWith("POST")).hasSize(1);
      assertThat(world.plainLog(posted.getFirst().logUrl())).doesNotContain("must not run");
    }
  }

  private SlipwayServer rollsBack() {
    SlipwayServer world = new SlipwayServer(folder);
    service(world);
    world
        .services
        .when(request().withMethod("GET").withPath("/v1/services/" + SERVICE + "/events"))
        .respond(body(200, "[]"));
    return world
        .set("RENDER_API_KEY", KEY)
        .set("RENDER_SERVICE_ID", SERVICE)
        .set("RENDER_ROLLBACK", "true");
  }

  private static String one(String id, String status, String sha, String trigger, Instant at) {
    return """
        {"id":"%s","status":"%s","trigger":"%s","commit":{"id":"%s"},"createdAt":"%s"}"""
        .formatted(id, status, trigger, sha, at);
  }

  private static void deploys(SlipwayServer world, long id, String dep, String sha) {
    String live = one(dep, "live", sha, "api", Instant.now());
    world
        .services
        .when(request().withMethod("POST").withPath(DEPLOYS), Times.once())
        .respond(body(201, live));
    world
        .services
        .when(request().withMethod("GET").withPath(DEPLOYS + "/" + dep))
        .respond(body(200, live));
    world.deliver(SlipwayServer.event(id, "production", sha));
    assertThat(world.awaitEnd(id).getLast().state()).isEqualTo("success");
  }

  /** What went live first, and has been replaced since. */
  private static void listsFormer(SlipwayServer world) {
    world
        .services
        .when(
            request()
                .withMethod("GET")
                .withPath(DEPLOYS)
                .withQueryStringParameter("status", "deactivated"))
        .respond(
            body(
                200,
                "[{\"deploy\":%s,\"cursor\":\"c\"}]"
                    .formatted(one("dep-1", "deactivated", FIRST, "api", FORMERLY))));
  }

  private static void goesOn(SlipwayServer world, AtomicReference<String> status) {
    world
        .services
        .when(request().withMethod("GET").withPath(DEPLOYS + "/dep-3"))
        .respond(_ -> body(200, one("dep-3", status.get(), FIRST, "rollback", Instant.now())));
  }

  private static List<String> posts(SlipwayServer world) {
    return world.calls().stream()
        .filter(call -> call.startsWith("POST /v1/"))
        .map(call -> call.replace("/v1/services/" + SERVICE, ""))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void a_rollback_is_renders_own_is_asked_for_once_and_is_followed_through_a_restart(
      TestDatabases kind) {
    AtomicReference<String> status = new AtomicReference<>("update_in_progress");
    try (SlipwayServer world = rollsBack().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      deploys(world, 42, "dep-1", FIRST);
      deploys(world, 43, "dep-2", SECOND);
      listsFormer(world);
      goesOn(world, status);
      world
          .services
          .when(request().withMethod("POST").withPath("/v1/services/" + SERVICE + "/rollback"))
          .respond(body(201, one("dep-3", "created", FIRST, "rollback", Instant.now())));
      world
          .services
          .when(request().withMethod("POST").withPath("/repos/octo-org/hello-world/deployments"))
          .respond(body(201, "{\"id\":44,\"sha\":\"%s\"}".formatted(FIRST)));

      assertThat(
              world.api("/api/rollback", "{\"repository\":\"octo-org/hello-world\"}").statusCode())
          .isEqualTo(202);
      Await.until(
          () -> world.calls().toString(),
          () -> world.calls().contains("GET " + DEPLOYS + "/dep-3"));
      world.stop();
      status.set("live");
      world.start();

      assertThat(world.awaitEnd(44))
          .extracting(SlipwayServer.Posted::state)
          .containsSubsequence("in_progress", "success");
      assertThat(world.posted(44))
          .extracting(SlipwayServer.Posted::state)
          .doesNotContain("failure", "error", "inactive");
      assertThat(posts(world)).containsExactly("POST /deploys", "POST /deploys", "POST /rollback");
      world.services.verify(
          request()
              .withPath("/v1/services/" + SERVICE + "/rollback")
              .withHeader("Authorization", "Bearer " + KEY)
              .withHeader("Content-Type", "application/json")
              .withBody(json("{\"deployId\":\"dep-1\"}")));
    }
  }

  /** The old deploy is live at once, while the new one fails. */
  @Test
  void a_rollback_is_not_over_because_render_names_the_deploy_to_which_it_goes_back() {
    AtomicReference<String> status = new AtomicReference<>("update_failed");
    try (SlipwayServer world = rollsBack().start()) {
      listsFormer(world);
      goesOn(world, status);
      world
          .services
          .when(request().withMethod("POST").withPath("/v1/services/" + SERVICE + "/rollback"))
          .respond(body(201, one("dep-1", "live", FIRST, "api", FORMERLY)));
      world
          .services
          .when(request().withMethod("GET").withPath(DEPLOYS + "/dep-1"))
          .respond(body(200, one("dep-1", "live", FIRST, "api", FORMERLY)));
      world
          .services
          .when(request().withMethod("GET").withPath(DEPLOYS))
          .respond(
              _ ->
                  body(
                      200,
                      "[{\"deploy\":%s,\"cursor\":\"c\"}]"
                          .formatted(one("dep-3", "created", FIRST, "rollback", Instant.now()))));

      world.deliver(
          SlipwayServer.event(42, "production", FIRST)
              .replace("{\"reason\":\"because\"}", "{\"rollback\":true,\"rollback_to\":1}"));

      assertThat(world.awaitEnd(42).getLast().state()).isEqualTo("failure");
      assertThat(posts(world)).containsExactly("POST /rollback");
      assertThat(world.plainLog(world.posted(42).getFirst().logUrl()))
          .contains("Render names dep-1, to which it goes back, and no new deploy");
    }
  }

  @Test
  void an_unanswered_hook_without_an_api_key_ends_as_an_error_that_says_what_to_check() {
    try (SlipwayServer world =
        hook().without("RENDER_API_KEY").set("DEPLOY_CMD", "echo must not run")) {
      world
          .services
          .when(request().withMethod("POST").withPath("/deploy/" + SERVICE))
          .respond(body(500, "{}"));
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "error");
      assertThat(posted.getLast().description()).contains("Outcome unknown at render-hook");
      assertThat(world.plainLog(posted.getFirst().logUrl())).doesNotContain("must not run");
    }
  }
}
