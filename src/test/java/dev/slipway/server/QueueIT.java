package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One deploy at a time for an environment, nothing twice, and nothing lost by a restart. */
class QueueIT {
  private static final String OTHER_SHA = "0".repeat(40);

  @TempDir Path folder;

  /** A command that tells which deployment it is and then waits for the test. */
  private SlipwayServer world() {
    return new SlipwayServer(folder)
        .set(
            "DEPLOY_CMD",
            "echo $SLIPWAY_DEPLOYMENT_ID >> %s/started; while [ ! -s %s/go-$SLIPWAY_DEPLOYMENT_ID ]; do sleep 0.1; done; read code < %s/go-$SLIPWAY_DEPLOYMENT_ID; exit $code"
                .formatted(folder, folder, folder));
  }

  private void end(long deployment, int code) throws IOException {
    Files.writeString(folder.resolve("go-" + deployment), code + "\n");
  }

  private String started() {
    try {
      return Files.exists(folder.resolve("started"))
          ? Files.readString(folder.resolve("started")).replace("\n", " ").strip()
          : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitStarted(String ids) {
    Await.until(this::started, () -> started().equals(ids));
  }

  private static List<String> states(SlipwayServer world, long id) {
    return world.awaitEnd(id).stream().map(SlipwayServer.Posted::state).toList();
  }

  @Test
  void the_second_of_an_environment_waits_visibly_and_starts_when_the_first_has_ended()
      throws Exception {
    try (SlipwayServer world = world().start()) {
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      world.deliver(SlipwayServer.event(43, "production", OTHER_SHA));
      world.deliver(SlipwayServer.event(44, "staging", SlipwayServer.SHA));
      end(44, 0);
      assertThat(states(world, 44)).containsExactly("in_progress", "success");
      Await.until(
          () -> world.posted(43).toString(),
          () -> world.posted(43).stream().anyMatch(p -> p.state().equals("queued")));
      assertThat(started()).contains("42").doesNotContain("43");

      end(43, 0);
      end(42, 0);

      assertThat(states(world, 42)).containsExactly("in_progress", "success");
      assertThat(states(world, 43)).containsExactly("queued", "in_progress", "success");
      assertThat(world.posted(43).getFirst().description())
          .isEqualTo("Next in the queue: waits for deployment 42");
    }
  }

  @Test
  void a_redelivery_of_what_runs_or_succeeded_starts_nothing_and_of_what_failed_runs_again()
      throws Exception {
    try (SlipwayServer world = world().start()) {
      world.deliver(SlipwayServer.event());
      awaitStarted("42");
      assertThat(world.deliver(SlipwayServer.event()).body()).contains("\"duplicate\"");
      end(42, 1);
      assertThat(states(world, 42)).containsExactly("in_progress", "failure");

      end(42, 0);
      assertThat(world.deliver(SlipwayServer.event()).body()).contains("\"retried\"", "run 2");
      Await.until(
          () -> world.posted(42).toString(),
          () -> world.posted(42).getLast().state().equals("success"));
      assertThat(world.posted(42))
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "failure", "in_progress", "success");

      assertThat(world.deliver(SlipwayServer.event()).body()).contains("\"duplicate\"");
      assertThat(started()).isEqualTo("42 42");
    }
  }

  @Test
  void a_command_that_ran_when_slipway_stopped_is_taken_up_again_and_run_once() throws Exception {
    try (SlipwayServer world = world().start()) {
      world.deliver(SlipwayServer.event());
      awaitStarted("42");
      world.stop();
      end(42, 0);
      world.start();

      assertThat(states(world, 42)).containsExactly("in_progress", "success");
      assertThat(started()).isEqualTo("42");
    }
  }

  @Test
  void statuses_wait_while_there_is_no_token_and_go_out_with_the_next_start() throws Exception {
    try (SlipwayServer world = world().without("GITHUB_TOKEN").start()) {
      end(42, 0);
      String id = world.deliver(SlipwayServer.event()).body();
      assertThat(id).contains("\"accepted\"");
      awaitStarted("42");
      Await.until(
          () -> world.get(world.at("/health/readiness")).body(),
          () -> world.get(world.at("/health/readiness")).body().contains("\"statuses_waiting\":2"));
      assertThat(world.posted(42)).isEmpty();
      world.stop();

      world.set("GITHUB_TOKEN", "ghp_0123456789abcdefghijklmnopqrstuvwxyz").start();

      assertThat(states(world, 42)).containsExactly("in_progress", "success");
    }
  }

  private static void awaitPosted(SlipwayServer world, long id, String description) {
    Await.until(
        () -> world.posted(id).toString(),
        () -> world.posted(id).stream().anyMatch(p -> p.description().equals(description)));
  }

  @Test
  void a_newer_one_replaces_the_one_that_waits_and_says_so() throws Exception {
    try (SlipwayServer world = world().start()) {
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      awaitStarted("42");
      world.deliver(SlipwayServer.event(43, "production", SlipwayServer.SHA));
      awaitPosted(world, 43, "Next in the queue: waits for deployment 42");

      assertThat(world.deliver(SlipwayServer.event(44, "production", OTHER_SHA)).body())
          .contains("\"accepted\"", "it replaces deployment 43, which waited");

      assertThat(states(world, 43)).containsExactly("queued", "inactive");
      SlipwayServer.Posted end = world.posted(43).getLast();
      assertThat(end.description()).isEqualTo("Replaced by deployment 44 before it started");
      assertThat(world.plainLog(end.logUrl())).contains("Replaced by deployment 44");
      end(42, 0);
      end(44, 0);
      assertThat(states(world, 44)).containsExactly("queued", "in_progress", "success");
      assertThat(world.deliver(SlipwayServer.event(41, "production", SlipwayServer.SHA)).body())
          .contains("\"stale\"");
      assertThat(states(world, 41)).containsExactly("inactive");
      assertThat(started()).isEqualTo("42 44");
    }
  }

  @Test
  void in_a_queue_every_one_runs_and_gets_a_status_when_it_moves_up() throws Exception {
    try (SlipwayServer world = world().set("SLIPWAY_QUEUE", "all").start()) {
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      awaitStarted("42");
      world.deliver(SlipwayServer.event(43, "production", SlipwayServer.SHA));
      world.deliver(SlipwayServer.event(44, "production", SlipwayServer.SHA));
      awaitPosted(world, 44, "2nd in the queue: waits for deployment 42 and 1 more");
      end(42, 0);
      awaitPosted(world, 44, "Next in the queue: waits for deployment 43");
      end(43, 0);
      end(44, 0);

      assertThat(states(world, 44)).containsExactly("queued", "queued", "in_progress", "success");
      assertThat(started()).isEqualTo("42 43 44");
    }
  }

  @Test
  void a_route_that_rejects_turns_away_what_comes_meanwhile() throws Exception {
    try (SlipwayServer world = world().set("SLIPWAY_QUEUE", "reject").start()) {
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      awaitStarted("42");

      assertThat(world.deliver(SlipwayServer.event(43, "production", SlipwayServer.SHA)).body())
          .contains("\"locked\"", "deployment 42 has not ended");
      assertThat(
              world
                  .api(
                      "/api/deploy_application",
                      "{\"repository\":\"octo-org/hello-world\",\"sha\":\"%s\"}"
                          .formatted(SlipwayServer.SHA))
                  .statusCode())
          .isEqualTo(409);

      assertThat(states(world, 43)).containsExactly("inactive");
      end(42, 0);
      assertThat(states(world, 42)).containsExactly("in_progress", "success");
      end(43, 0);
      assertThat(world.deliver(SlipwayServer.event(43, "production", SlipwayServer.SHA)).body())
          .contains("\"retried\"");
      Await.until(
          () -> world.posted(43).toString(),
          () -> world.posted(43).getLast().state().equals("success"));
    }
  }

  @Test
  void a_newer_one_stops_the_one_that_runs_where_the_route_says_so() throws Exception {
    try (SlipwayServer world = world().set("SLIPWAY_CANCEL_RUNNING", "true").start()) {
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      awaitStarted("42");
      end(43, 0);

      assertThat(world.deliver(SlipwayServer.event(43, "production", OTHER_SHA)).body())
          .contains("it stops deployment 42, which runs");

      assertThat(states(world, 42)).containsExactly("in_progress", "inactive");
      assertThat(world.posted(42).getLast().description())
          .startsWith("Replaced by deployment 43; ");
      assertThat(states(world, 43)).endsWith("in_progress", "success");
      assertThat(started()).isEqualTo("42 43");
    }
  }

  @Test
  void a_commit_older_than_what_is_live_does_not_run_unless_it_is_a_rollback() throws Exception {
    try (SlipwayServer world = world().set("SLIPWAY_SKIP_OLDER_COMMITS", "true")) {
      world
          .services
          .when(
              request()
                  .withPath(
                      "/repos/octo-org/hello-world/compare/"
                          + SlipwayServer.SHA
                          + "..."
                          + OTHER_SHA))
          .respond(response().withStatusCode(200).withBody("{\"status\":\"behind\"}"));
      world.start();
      end(42, 0);
      end(44, 0);
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      assertThat(states(world, 42)).endsWith("success");

      world.deliver(SlipwayServer.event(43, "production", OTHER_SHA));
      assertThat(states(world, 43)).endsWith("inactive");
      assertThat(world.posted(43).getLast().description())
          .startsWith("Stale: 0000000 is older than f95f852, which is live");

      String rollback =
          SlipwayServer.event(44, "production", OTHER_SHA)
              .replace("{\"reason\":\"because\"}", "{\"rollback\":true}");
      world.deliver(rollback);
      assertThat(states(world, 44)).endsWith("success");
      assertThat(started()).isEqualTo("42 44");
    }
  }

  @Test
  void what_github_does_not_compare_runs_and_the_log_says_so() throws Exception {
    try (SlipwayServer world = world().set("SLIPWAY_SKIP_OLDER_COMMITS", "true").start()) {
      end(42, 0);
      end(43, 0);
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      assertThat(states(world, 42)).endsWith("success");

      world.deliver(SlipwayServer.event(43, "production", OTHER_SHA));

      assertThat(states(world, 43)).endsWith("success");
      assertThat(world.plainLog(world.posted(43).getLast().logUrl()))
          .contains("GitHub does not tell whether 0000000 is older than f95f852");
    }
  }

  @Test
  void the_default_route_deploys_its_one_service_for_one_at_a_time() throws Exception {
    try (SlipwayServer world =
        world().set("SLIPWAY_QUEUE_KEY", "").set("SLIPWAY_ENVIRONMENTS", "").start()) {
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      awaitStarted("42");
      world.deliver(
          SlipwayServer.event(43, "production", OTHER_SHA)
              .replace("octo-org/hello-world", "octo-org/other"));
      String order = world.api("/api/deploy_application", "").body();
      String staging = world.deliver(SlipwayServer.event(44, "staging", SlipwayServer.SHA)).body();

      assertThat(SlipwayServer.json(order).path("state").asString()).isEqualTo("queued");
      assertThat(staging).contains("\"no_route\"", "staging", "SLIPWAY_ENVIRONMENTS");
      assertThat(world.api("/api/deploy_application", "{\"environment\":\"staging\"}").body())
          .contains("SLIPWAY_ENVIRONMENTS");
      assertThat(started()).isEqualTo("42");
      end(42, 0);
      awaitStarted("42 43");
      end(43, 0);
      Await.until(this::started, () -> started().split(" ").length == 3);
      end(SlipwayServer.json(order).path("id").asLong(), 0);
    }
  }
}
