package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;
import static org.mockserver.model.JsonBody.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.mockserver.matchers.MatchType;
import org.mockserver.model.HttpResponse;

/** A task on a route of its own has a chain of its own. */
@Execution(ExecutionMode.CONCURRENT)
class TasksIT {
  private static final String SERVICE = "srv-cukouhrtq21c73e9scng";
  private static final String JOBS = "/v1/services/" + SERVICE + "/jobs";
  private static final String JOB = "job-cph1rs3idesc73a2b2mg";
  private static final String OTHER_SHA = "0".repeat(40);

  @TempDir Path folder;

  private SlipwayServer world(String migrationsQueue, String more) throws IOException {
    Files.writeString(
        folder.resolve("slipway.yml"),
        """
        routes:
          - name: migrations
            match: {tasks: ["deploy:migrations"]}
        %s
            chain:
              - render-job: {service-id: %s, command: bin/rails db:migrate}
          - name: deploys
            match: {tasks: ["deploy"]}
        %s
            chain:
              - shell: {command: "echo started >> %s/started; while [ ! -e %s/go ]; do sleep 0.1; done"}
        """
            .formatted(migrationsQueue, SERVICE, more, folder, folder));
    return new SlipwayServer(folder).set("RENDER_API_KEY", "rnd_abcdefghijklmnopqrstuvwx");
  }

  private static HttpResponse body(int status, String json) {
    return response()
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json")
        .withBody(json);
  }

  private static String job(String status) {
    return """
    {"id":"%s","serviceId":"%s","startCommand":"bin/rails db:migrate","planId":"plan-srv-004",
    "status":"%s","createdAt":"2026-11-21T10:00:01Z"}\
    """
        .formatted(JOB, SERVICE, status);
  }

  private static void rendersJobEnds(SlipwayServer world, String status) {
    world
        .services
        .when(request().withMethod("GET").withPath("/v1/services/" + SERVICE))
        .respond(body(200, "{\"id\":\"%s\",\"type\":\"web_service\"}".formatted(SERVICE)));
    world
        .services
        .when(request().withMethod("POST").withPath(JOBS))
        .respond(body(201, job("pending")));
    world
        .services
        .when(request().withMethod("GET").withPath(JOBS + "/" + JOB))
        .respond(body(200, job(status)));
  }

  private static String migration(long id, String sha) {
    return SlipwayServer.event(id, "production", sha)
        .replace("\"task\":\"deploy\"", "\"task\":\"deploy:migrations\"");
  }

  private static List<String> states(SlipwayServer world, long id) {
    return world.awaitEnd(id).stream().map(SlipwayServer.Posted::state).toList();
  }

  @Test
  void a_migration_runs_as_a_job_with_the_command_of_its_route() throws Exception {
    try (SlipwayServer world = world("", "")) {
      rendersJobEnds(world, "succeeded");
      world.start().deliver(migration(42, SlipwayServer.SHA));

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(posted.getLast().description())
          .isEqualTo("Render ran " + JOB + " in the last build of the service");
      assertThat(posted.getLast().body().path("auto_inactive").asBoolean(true))
          .as("a migration takes no deployment's place")
          .isFalse();
      assertThat(world.calls())
          .containsExactly(
              "GET /v1/services/" + SERVICE, "POST " + JOBS, "GET " + JOBS + "/" + JOB);
      world.services.verify(
          request()
              .withMethod("POST")
              .withPath(JOBS)
              .withHeader("Authorization", "Bearer rnd_abcdefghijklmnopqrstuvwx")
              .withBody(json("{\"startCommand\":\"bin/rails db:migrate\"}", MatchType.STRICT)));
    }
  }

  @Test
  void a_migration_that_fails_is_a_failure() throws Exception {
    try (SlipwayServer world = world("", "")) {
      rendersJobEnds(world, "failed");
      world.start().deliver(migration(42, SlipwayServer.SHA));

      assertThat(states(world, 42)).containsExactly("in_progress", "failure");
    }
  }

  @Test
  void it_waits_for_the_deploy_of_its_environment_and_replaces_none() throws Exception {
    try (SlipwayServer world = world("", "")) {
      rendersJobEnds(world, "succeeded");
      world.start().deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      Await.until(() -> "not started", () -> Files.exists(folder.resolve("started")));
      world.deliver(SlipwayServer.event(43, "production", OTHER_SHA));
      world.deliver(migration(44, OTHER_SHA));
      Await.until(
          () -> world.posted(44).toString(),
          () ->
              world.posted(44).stream()
                  .anyMatch(
                      posted ->
                          posted
                              .description()
                              .equals("2nd in the queue: waits for deployment 42 and 1 more")));
      assertThat(world.calls()).noneMatch(call -> call.startsWith("POST " + JOBS));
      Files.createFile(folder.resolve("go"));

      assertThat(states(world, 43)).endsWith("success");
      assertThat(states(world, 44)).endsWith("success");
    }
  }

  @Test
  void with_a_queue_of_its_own_it_waits_for_nobody() throws Exception {
    try (SlipwayServer world = world("    queue-key: migrations", "")) {
      rendersJobEnds(world, "succeeded");
      world.start().deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      Await.until(() -> "not started", () -> Files.exists(folder.resolve("started")));
      world.deliver(migration(44, OTHER_SHA));

      assertThat(states(world, 44)).containsExactly("in_progress", "success");
      assertThat(world.posted(42))
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress");
      Files.createFile(folder.resolve("go"));
      assertThat(states(world, 42)).endsWith("success");
    }
  }

  @Test
  void what_is_live_is_not_what_was_migrated() throws Exception {
    try (SlipwayServer world = world("", "    skip-older-commits: true")) {
      rendersJobEnds(world, "succeeded");
      Files.createFile(folder.resolve("go"));
      world.start().deliver(migration(42, OTHER_SHA));
      assertThat(states(world, 42)).endsWith("success");

      world.deliver(SlipwayServer.event(43, "production", SlipwayServer.SHA));

      assertThat(states(world, 43)).containsExactly("in_progress", "success");
      assertThat(world.calls()).noneMatch(call -> call.contains("/compare/"));
    }
  }
}
