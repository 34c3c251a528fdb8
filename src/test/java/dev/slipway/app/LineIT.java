package dev.slipway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One deploy at a time for an environment, nothing twice, and nothing lost by a restart. */
class LineIT {
  private static final String OTHER_SHA = "0".repeat(40);

  @TempDir Path folder;

  /** A command that tells which deployment it is and then waits for the test. */
  private World world() {
    return new World(folder)
        .set(
            "DEPLOY_CMD",
            "echo $SLIPWAY_DEPLOYMENT_ID >> %s/started; while [ ! -e %s/go-$SLIPWAY_DEPLOYMENT_ID ]; do sleep 0.1; done; read code < %s/go-$SLIPWAY_DEPLOYMENT_ID; exit $code"
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
    Eventually.until(this::started, () -> started().equals(ids));
  }

  private static List<String> states(World world, long id) {
    return world.awaitEnd(id).stream().map(World.Posted::state).toList();
  }

  @Test
  void the_second_of_an_environment_waits_visibly_and_starts_when_the_first_has_ended()
      throws Exception {
    try (World world = world().start()) {
      world.deliver(World.event(42, "production", World.SHA));
      world.deliver(World.event(43, "production", OTHER_SHA));
      world.deliver(World.event(44, "staging", World.SHA));
      end(44, 0);
      assertThat(states(world, 44)).containsExactly("in_progress", "success");
      Eventually.until(
          () -> world.posted(43).toString(),
          () -> world.posted(43).stream().anyMatch(p -> p.state().equals("queued")));
      assertThat(started()).contains("42").doesNotContain("43");

      end(43, 0);
      end(42, 0);

      assertThat(states(world, 42)).containsExactly("in_progress", "success");
      assertThat(states(world, 43)).containsExactly("queued", "in_progress", "success");
      assertThat(world.posted(43).getFirst().description()).contains("1 ahead in line");
    }
  }

  @Test
  void a_redelivery_of_what_runs_or_succeeded_starts_nothing_and_of_what_failed_runs_again()
      throws Exception {
    try (World world = world().start()) {
      world.deliver(World.event());
      awaitStarted("42");
      assertThat(world.deliver(World.event()).body()).contains("\"duplicate\"");
      end(42, 1);
      assertThat(states(world, 42)).containsExactly("in_progress", "failure");

      end(42, 0);
      assertThat(world.deliver(World.event()).body()).contains("\"retried\"", "run 2");
      Eventually.until(
          () -> world.posted(42).toString(),
          () -> world.posted(42).getLast().state().equals("success"));
      assertThat(world.posted(42))
          .extracting(World.Posted::state)
          .containsExactly("in_progress", "failure", "in_progress", "success");

      assertThat(world.deliver(World.event()).body()).contains("\"duplicate\"");
      assertThat(started()).isEqualTo("42 42");
    }
  }

  @Test
  void a_command_that_ran_when_slipway_stopped_is_taken_up_again_and_run_once() throws Exception {
    try (World world = world().start()) {
      world.deliver(World.event());
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
    try (World world = world().without("GITHUB_TOKEN").start()) {
      end(42, 0);
      String id = world.deliver(World.event()).body();
      assertThat(id).contains("\"accepted\"");
      awaitStarted("42");
      Eventually.until(
          () -> world.get(world.at("/health/readiness")).body(),
          () -> world.get(world.at("/health/readiness")).body().contains("\"statuses_waiting\":2"));
      assertThat(world.posted(42)).isEmpty();
      world.stop();

      world.set("GITHUB_TOKEN", "ghp_0123456789abcdefghijklmnopqrstuvwxyz").start();

      assertThat(states(world, 42)).containsExactly("in_progress", "success");
    }
  }
}
