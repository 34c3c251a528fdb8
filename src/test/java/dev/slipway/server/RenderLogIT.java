package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.store.TestDatabases;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockserver.model.HttpRequest;
import org.mockserver.model.HttpResponse;

/** Whoever opens the log of a build that failed at Render reads why. */
@Execution(ExecutionMode.CONCURRENT)
class RenderLogIT {
  private static final String SERVICE = "srv-cukouhrtq21c73e9scng";
  private static final String DEPLOYS = "/v1/services/" + SERVICE + "/deploys";
  private static final String DASHBOARD = "https://dashboard.render.example/web/" + SERVICE;
  private static final String KEY = "rnd_abcdefghijklmnopqrstuvwx";

  @TempDir Path folder;

  private final List<String> rows = new CopyOnWriteArrayList<>();
  private final AtomicReference<String> status = new AtomicReference<>("build_in_progress");
  private final Instant began = Instant.now();

  private static HttpResponse body(int status, String json) {
    return response()
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json")
        .withBody(json);
  }

  private SlipwayServer world() {
    SlipwayServer world =
        new SlipwayServer(folder).set("RENDER_API_KEY", KEY).set("RENDER_SERVICE_ID", SERVICE);
    on(
        world,
        "GET",
        "/v1/services/" + SERVICE,
        body(
            200,
            """
            {"id":"%s","type":"web_service","autoDeploy":"no","ownerId":"tea-1",
            "dashboardUrl":"%s"}\
            """
                .formatted(SERVICE, DASHBOARD)));
    world
        .services
        .when(request().withMethod("POST").withPath(DEPLOYS))
        .respond(_ -> body(201, deploy("created")));
    world
        .services
        .when(request().withMethod("GET").withPath(DEPLOYS + "(/dep-1)?"))
        .respond(
            asked ->
                body(
                    200,
                    asked.getPath().getValue().endsWith("dep-1")
                        ? deploy(status.get())
                        : "[{\"deploy\":" + deploy(status.get()) + ",\"cursor\":\"c\"}]"));
    on(
        world,
        "GET",
        "/v1/services/" + SERVICE + "/events",
        body(
            200,
            """
            [{"event":{"id":"evt-1","type":"deploy_ended","details":{"deployId":"dep-1",
            "deployStatus":"failed","reason":{"failure":{"nonZeroExit":1}}}},"cursor":"c"}]\
            """));
    return world;
  }

  private static void on(SlipwayServer world, String method, String path, HttpResponse answer) {
    world.services.when(request().withMethod(method).withPath(path)).respond(answer);
  }

  private void logsAreRead(SlipwayServer world) {
    world
        .services
        .when(request().withMethod("GET").withPath("/v1/logs"))
        .respond(asked -> body(200, page(asked)));
  }

  private String deploy(String word) {
    return """
    {"id":"dep-1","status":"%s","trigger":"api","commit":{"id":"%s"},"createdAt":"%s"%s}\
    """
        .formatted(
            word,
            SlipwayServer.SHA,
            began,
            word.endsWith("failed") ? ",\"finishedAt\":\"" + Instant.now() + "\"" : "");
  }

  /** Two rows of the time that is asked for. */
  private String page(HttpRequest asked) {
    Instant from = Instant.parse(asked.getFirstQueryStringParameter("startTime"));
    Instant until = Instant.parse(asked.getFirstQueryStringParameter("endTime"));
    List<Integer> fitting = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!at(i).isBefore(from) && at(i).isBefore(until)) {
        fitting.add(i);
      }
    }
    boolean hasMore = fitting.size() > 2;
    return "{\"hasMore\":%s,\"nextStartTime\":\"%s\",\"nextEndTime\":\"%s\",\"logs\":[%s]}"
        .formatted(
            hasMore,
            hasMore ? at(fitting.get(2)) : until,
            until,
            fitting.stream().limit(2).map(this::row).collect(Collectors.joining(",")));
  }

  private Instant at(int index) {
    return began.plusMillis(index);
  }

  private String row(int index) {
    return "{\"id\":\"row-%d\",\"timestamp\":\"%s\",\"message\":\"%s\",\"labels\":[]}"
        .formatted(index, at(index), rows.get(index));
  }

  private static void awaitLine(SlipwayServer world, String line) {
    Await.until(() -> "no line " + line, () -> log(world).contains(line));
  }

  private static String log(SlipwayServer world) {
    List<SlipwayServer.Posted> posted = world.posted(42);
    return posted.isEmpty() ? "" : world.plainLog(posted.getFirst().logUrl());
  }

  private static List<String> told(SlipwayServer world) {
    return log(world)
        .lines()
        .map(line -> line.substring("2026-11-21T05:00:00.123Z ".length()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void a_failing_build_says_why_though_slipway_was_restarted_in_the_middle(TestDatabases kind) {
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", kind.url())) {
      logsAreRead(world);
      rows.addAll(List.of("==> Cloning", "==> Running npm ci", "the key is " + KEY));
      world.start().deliver(SlipwayServer.event());
      awaitLine(world, "the key is");
      world.stop();
      rows.addAll(List.of("npm ERR! missing script: build", "==> Build failed"));
      status.set("build_failed");
      world.start();

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted.getLast().state()).isEqualTo("failure");
      assertThat(posted.getLast().description())
          .startsWith("The build failed at Render: exited with status 1");
      assertThat(told(world))
          .containsSubsequence(
              "▸ Render dashboard: " + DASHBOARD,
              "▸ Render: build_in_progress",
              "==> Cloning",
              "==> Running npm ci",
              "the key is ***",
              "▸ Render: build_failed",
              "npm ERR! missing script: build",
              "==> Build failed")
          .filteredOn(line -> !line.startsWith("▸"))
          .hasSize(5);
      assertThat(told(world).getLast()).startsWith("▸ Failed: The build failed at Render");
      assertThat(world.calls())
          .filteredOn(call -> call.startsWith("GET /v1/logs"))
          .isNotEmpty()
          .allMatch(
              call ->
                  call.contains("ownerId=tea-1")
                      && call.contains("resource=" + SERVICE)
                      && call.contains("type=build"));
      world.services.verify(
          request().withPath("/v1/logs").withHeader("Authorization", "Bearer " + KEY));
    }
  }

  @Test
  void a_log_that_render_refuses_changes_nothing_about_the_deploy() {
    try (SlipwayServer world = world()) {
      on(world, "GET", "/v1/logs", body(403, "{\"message\":\"logs are not for you\"}"));
      world.start().deliver(SlipwayServer.event());
      awaitLine(world, "cannot be read");
      status.set("live");

      assertThat(world.awaitEnd().getLast().state()).isEqualTo("success");

      assertThat(told(world)).filteredOn(line -> line.contains("logs are not for you")).hasSize(1);
    }
  }

  @Test
  void nothing_is_read_where_nothing_is_to_be_shown() {
    try (SlipwayServer world = world().set("SLIPWAY_PROVIDER_LOG", "0")) {
      status.set("build_failed");
      world.start().deliver(SlipwayServer.event());

      assertThat(world.awaitEnd().getLast().state()).isEqualTo("failure");

      assertThat(world.calls()).noneMatch(call -> call.contains("/v1/logs"));
    }
  }
}
