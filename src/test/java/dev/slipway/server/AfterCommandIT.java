package dev.slipway.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Commands after the end: when they run, with what, and what a stop amid them changes. */
class AfterCommandIT {
  @TempDir Path folder;

  private SlipwayServer world() {
    return new SlipwayServer(folder)
        .set("DEPLOY_CMD", "test $SLIPWAY_DEPLOYMENT_ID = 42")
        .set(
            "SLIPWAY_AFTER_SUCCESS_CMD",
            "echo $SLIPWAY_STATE $SLIPWAY_REASON of $SLIPWAY_DEPLOYMENT_ID >> %s/after"
                .formatted(folder))
        .set("SLIPWAY_AFTER_FAILURE_CMD", "echo $SLIPWAY_STATE; echo told nobody >&2; exit 3");
  }

  private List<String> after() {
    try {
      return Files.readAllLines(folder.resolve("after"));
    } catch (NoSuchFileException notYet) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode newest(SlipwayServer world) {
    JsonNode all =
        SlipwayServer.json(
            world
                .send(
                    HttpRequest.newBuilder(world.at("/api/notifications"))
                        .header("Authorization", "Bearer api-token-of-the-test")
                        .build())
                .body());
    return all.path("notifications").path(0);
  }

  private static void awaitOutcome(SlipwayServer world, String outcome) {
    Await.until(
        () -> newest(world).toString(),
        () -> newest(world).path("outcome").asString().equals(outcome));
  }

  @ParameterizedTest
  @EnumSource
  void each_end_runs_its_command_once_and_changes_nothing_about_the_end(TestDatabases kind) {
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      world.deliver(SlipwayServer.event());
      world.awaitEnd(42);
      awaitOutcome(world, "delivered");
      assertThat(after()).containsExactly("success Command finished of 42");
      assertThat(newest(world).path("webhook").asString()).isEqualTo("after-success");

      world.deliver(SlipwayServer.event(43, "production", SlipwayServer.SHA));
      world.awaitEnd(43);
      awaitOutcome(world, "given_up");
      assertThat(newest(world).path("problem").asString())
          .isEqualTo("Command exited with 3; output: failure told nobody");
      assertThat(world.statesTaken(43)).containsExactly("in_progress", "failure");
      assertThat(after()).hasSize(1);
    }
  }

  @Test
  void an_environment_that_could_not_be_destroyed_runs_the_command_of_a_failure() throws Exception {
    Files.writeString(
        folder.resolve("slipway.yml"),
        """
        routes:
          - name: previews
            after-success: echo success >> %1$s/after
            after-failure: echo $SLIPWAY_STATE $SLIPWAY_REASON >> %1$s/after
            chain: [{shell: {command: "true"}}]
            destroy: [{shell: {command: "test -e %1$s/gone"}}]
        """
            .formatted(folder));
    try (SlipwayServer world = world().start()) {
      world.deliver(
          SlipwayServer.event(42, "pr-12", SlipwayServer.SHA)
              .replace("\"task\":", "\"transient_environment\":true,\"task\":"));
      world.awaitEnd(42);
      Await.until(() -> after().toString(), () -> after().equals(List.of("success")));
      String closed =
          """
          {"action":"closed","number":12,"pull_request":{"number":12},
          "repository":{"id":1296269,"full_name":"octo-org/hello-world"}}""";

      world.deliver("pull_request", closed.getBytes(UTF_8));
      Await.until(() -> after().toString(), () -> after().size() == 2);
      assertThat(after().getLast()).isEqualTo("failure Not destroyed: Command exited with 1");

      // Destroyed is no success and no failure
      Files.createFile(folder.resolve("gone"));
      world.deliver("pull_request", closed.getBytes(UTF_8));
      Await.until(
          () -> world.posted(42).toString(),
          () -> world.posted(42).getLast().state().equals("inactive"));
      awaitOutcome(world, "delivered");
      assertThat(after()).hasSize(2);
    }
  }

  @Test
  void a_route_may_have_commands_of_its_own() throws Exception {
    Files.writeString(
        folder.resolve("slipway.yml"),
        """
        routes:
          - name: staging
            match: {environments: [staging]}
            after-success: echo staging >> %1$s/after
            chain: [{shell: {command: "true"}}]
        """
            .formatted(folder));
    try (SlipwayServer world = world().start()) {
      world.deliver(SlipwayServer.event(43, "staging", SlipwayServer.SHA));
      world.awaitEnd(43);
      awaitOutcome(world, "delivered");

      assertThat(after()).containsExactly("staging");
    }
  }

  @Test
  void one_that_runs_while_slipway_stops_is_followed_by_the_next_start_and_not_run_again()
      throws Exception {
    try (SlipwayServer world =
        world()
            .set(
                "SLIPWAY_AFTER_SUCCESS_CMD",
                "echo begun >> %1$s/after; until test -e %1$s/go; do sleep 0.05; done; echo over >> %1$s/after"
                    .formatted(folder))
            .start()) {
      world.deliver(SlipwayServer.event());
      Await.until(() -> after().toString(), () -> after().equals(List.of("begun")));
      world.awaitEnd();

      world.stop();
      Files.createFile(folder.resolve("go"));
      world.start();

      awaitOutcome(world, "delivered");
      assertThat(after()).containsExactly("begun", "over");
    }
  }
}
