package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Preview environments go when their pull request is closed. */
@Execution(ExecutionMode.CONCURRENT)
class PreviewIT {
  private static final String OTHER_SHA = "0".repeat(40);

  @TempDir Path folder;

  private SlipwayServer world(String more) {
    try {
      Files.writeString(
          folder.resolve("slipway.yml"),
          """
          routes:
            - name: previews
              match: {environments: ["*"]}
          %s
              chain:
                - shell: {command: "echo deploy $SLIPWAY_DEPLOYMENT_ID >> %s/done; while [ -e %s/wait ]; do sleep 0.1; done"}
              destroy:
                - shell: {command: "echo destroy $SLIPWAY_ENVIRONMENT >> %s/done; while [ -e %s/wait ]; do sleep 0.1; done; [ ! -e %s/broken ]"}
          """
              .formatted(more, folder, folder, folder, folder, folder));
      return new SlipwayServer(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String preview(long id, String environment, String sha) {
    return SlipwayServer.event(id, environment, sha)
        .replace("\"ref\":\"main\"", "\"ref\":\"feature/ü\"")
        .replace("\"task\":", "\"transient_environment\":true,\"task\":");
  }

  private static String closed(long number, String ref, String sha, String head) {
    return """
        {"action":"closed","number":%d,"pull_request":{"number":%d,"merged":true,
        "head":{"ref":"%s","sha":"%s","repo":{"full_name":"%s"}}},
        "repository":{"id":1296269,"full_name":"octo-org/hello-world"}}"""
        .formatted(number, number, ref, sha, head);
  }

  private static String closed(long number) {
    return closed(number, "feature/ü", SlipwayServer.SHA, "octo-org/hello-world");
  }

  private static String deliver(SlipwayServer world, String body) {
    return world.deliver("pull_request", body.getBytes(StandardCharsets.UTF_8)).body();
  }

  private List<String> done() {
    try {
      Path file = folder.resolve("done");
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitLast(SlipwayServer world, long id, String state, String description) {
    Await.until(
        () -> world.posted(id).toString(),
        () ->
            !world.posted(id).isEmpty()
                && world.posted(id).getLast().state().equals(state)
                && world.posted(id).getLast().description().equals(description));
  }

  private static List<String> states(SlipwayServer world, long id) {
    return world.posted(id).stream().map(SlipwayServer.Posted::state).toList();
  }

  private static void deployed(SlipwayServer world, long id, String environment) {
    world.deliver(preview(id, environment, SlipwayServer.SHA));
    assertThat(world.awaitEnd(id).getLast().state()).isEqualTo("success");
  }

  @ParameterizedTest
  @CsvSource({"pr-12", "preview/pr 12/ü – web", "vorschau/zwölf"})
  void a_closed_pull_request_has_its_environment_destroyed(String environment) {
    try (SlipwayServer world = world("").start()) {
      deployed(world, 42, environment);

      assertThat(deliver(world, closed(12)))
          .contains("\"destroying\"", "pull request #12", environment + " is destroyed");

      awaitLast(world, 42, "inactive", "Destroyed: pull request #12 was closed");
      assertThat(states(world, 42))
          .containsExactly("in_progress", "success", "in_progress", "inactive");
      assertThat(world.posted(42).get(2).description())
          .isEqualTo("Destroying: pull request #12 was closed");
      assertThat(done()).containsExactly("deploy 42", "destroy " + environment);
      assertThat(world.plainLog(world.posted(42).getFirst().logUrl()))
          .contains(
              "Destroying "
                  + environment
                  + " of octo-org/hello-world, for pull request #12 was closed"
                  + " (run 2, route previews)",
              "Destroyed: pull request #12 was closed");
      assertThat(world.calls()).isEmpty();
    }
  }

  @Test
  void it_is_destroyed_once_however_often_github_says_so() {
    try (SlipwayServer world = world("").start()) {
      deployed(world, 42, "pr-12");
      deliver(world, closed(12));
      assertThat(deliver(world, closed(12).replace("\"merged\":true", "\"merged\":false")))
          .contains("\"ignored_event\"");
      awaitLast(world, 42, "inactive", "Destroyed: pull request #12 was closed");

      assertThat(deliver(world, closed(12))).contains("no transient environment belongs to");

      assertThat(done()).containsExactly("deploy 42", "destroy pr-12");
    }
  }

  @Test
  void what_is_not_of_the_pull_request_stays() {
    try (SlipwayServer world = world("").start()) {
      deployed(world, 42, "pr-13");
      deployed(world, 43, "staging-of-feature");
      world.deliver(SlipwayServer.event(44, "pr-12", SlipwayServer.SHA));
      assertThat(world.awaitEnd(44).getLast().state()).isEqualTo("success");

      // Another number, a fork that calls its branch the same, and one that is not transient
      assertThat(deliver(world, closed(12, "feature/ü", SlipwayServer.SHA, "stranger/fork")))
          .contains("\"ignored_event\"", "no transient environment belongs to pull request #12");
      assertThat(deliver(world, closed(12).replace("\"closed\"", "\"reopened\"")))
          .contains("\"ignored_event\"");

      assertThat(done()).containsExactly("deploy 42", "deploy 43", "deploy 44");
    }
  }

  @Test
  void who_waits_is_superseded_and_who_runs_is_waited_for() throws Exception {
    try (SlipwayServer world = world("    queue: all").start()) {
      Files.createFile(folder.resolve("wait"));
      world.deliver(preview(42, "pr-12", SlipwayServer.SHA));
      Await.until(() -> done().toString(), () -> done().contains("deploy 42"));
      world.deliver(preview(43, "pr-12", OTHER_SHA));

      deliver(world, closed(12));
      awaitLast(world, 43, "queued", "Next in the queue: waits for deployment 42");
      Files.delete(folder.resolve("wait"));

      awaitLast(world, 43, "inactive", "Destroyed: pull request #12 was closed");
      assertThat(states(world, 43))
          .containsExactly("queued", "inactive", "queued", "in_progress", "inactive");
      assertThat(world.posted(43).get(1).description())
          .isEqualTo("Not started: pull request #12 was closed");
      assertThat(done()).containsExactly("deploy 42", "destroy pr-12");
      awaitLast(world, 42, "inactive", "Destroyed: pull request #12 was closed");
    }
  }

  @Test
  void a_destroy_chain_that_fails_says_so_and_runs_again_when_the_event_comes_again()
      throws Exception {
    try (SlipwayServer world = world("").start()) {
      deployed(world, 42, "pr-12");
      Files.createFile(folder.resolve("broken"));
      deliver(world, closed(12));
      awaitLast(world, 42, "failure", "Not destroyed: Command exited with 1");

      Files.delete(folder.resolve("broken"));
      deliver(world, closed(12));

      awaitLast(world, 42, "inactive", "Destroyed: pull request #12 was closed");
      assertThat(done()).containsExactly("deploy 42", "destroy pr-12", "destroy pr-12");
    }
  }

  @Test
  void one_that_a_lock_holds_and_that_is_cancelled_does_not_say_that_the_environment_is_gone() {
    try (SlipwayServer world = world("").start()) {
      deployed(world, 42, "pr-12");
      world.api("/api/locks", "{\"environment\":\"pr-12\",\"reason\":\"demo\"}");
      deliver(world, closed(12));
      awaitLast(
          world, 42, "queued", "Locked by token SLIPWAY_API_TOKEN: demo; slipway unlock pr-12");

      assertThat(world.api("/api/deployments/1/cancel", "{}").body())
          .contains("\"decision\":\"cancelled\"", "\"state\":\"failed\"");

      awaitLast(world, 42, "failure", "Not destroyed: Cancelled by token SLIPWAY_API_TOKEN");
      world.api("/api/locks/unlock", "{\"environment\":\"pr-12\"}");
      assertThat(world.api("/api/deployments/1/retry", "{}").statusCode()).isEqualTo(202);
      awaitLast(world, 42, "inactive", "Destroyed: pull request #12 was closed");
      assertThat(done()).containsExactly("deploy 42", "destroy pr-12");
    }
  }

  @Test
  void a_destroy_run_that_a_newer_deployment_replaces_does_not_say_that_it_destroyed_anything() {
    try (SlipwayServer world = world("    queue: latest").start()) {
      deployed(world, 42, "pr-12");
      world.api("/api/locks", "{\"environment\":\"pr-12\",\"reason\":\"demo\"}");
      deliver(world, closed(12));
      world.deliver(preview(43, "pr-12", OTHER_SHA));
      awaitLast(world, 42, "failure", "Not destroyed: Replaced by deployment 43 before it started");
      world.api("/api/locks/unlock", "{\"environment\":\"pr-12\"}");
      assertThat(world.awaitEnd(43).getLast().state()).isEqualTo("success");

      assertThat(deliver(world, closed(12)))
          .as("the same event again")
          .contains("\"ignored_event\"", "pr-12 stays, for it was deployed after this event");
      assertThat(done()).containsExactly("deploy 42", "deploy 43");

      deliver(world, closed(12).replace("\"merged\":true", "\"merged\":false"));

      awaitLast(world, 43, "inactive", "Destroyed: pull request #12 was closed");
      awaitLast(world, 42, "inactive", "Destroyed: pull request #12 was closed");
      assertThat(done()).containsExactly("deploy 42", "deploy 43", "destroy pr-12");
    }
  }

  @Test
  void it_goes_on_after_a_restart_and_runs_once() throws Exception {
    try (SlipwayServer world = world("").start()) {
      deployed(world, 42, "pr-12");
      Files.createFile(folder.resolve("wait"));
      deliver(world, closed(12));
      Await.until(() -> done().toString(), () -> done().contains("destroy pr-12"));
      world.stop();
      Files.delete(folder.resolve("wait"));
      world.start();

      awaitLast(world, 42, "inactive", "Destroyed: pull request #12 was closed");
      assertThat(done()).containsExactly("deploy 42", "destroy pr-12");
    }
  }

  @Test
  void the_deployments_are_deleted_after_their_last_status() {
    try (SlipwayServer world = world("    delete-deployments: true")) {
      String deployments = "/repos/octo-org/hello-world/deployments/";
      world
          .services
          .when(request().withMethod("DELETE").withPath(deployments + "42"))
          .respond(response().withStatusCode(404));
      world
          .services
          .when(request().withMethod("DELETE").withPath(deployments + "43"))
          .respond(response().withStatusCode(204));
      world.start();
      deployed(world, 42, "pr-12");
      deployed(world, 43, "pr-12");

      deliver(world, closed(12));

      awaitLast(world, 42, "inactive", "Destroyed: pull request #12 was closed");
      awaitLast(world, 43, "inactive", "Destroyed: pull request #12 was closed");
      Await.until(() -> world.calls().toString(), () -> world.calls().size() == 2);
      assertThat(world.calls())
          .containsExactlyInAnyOrder(
              "DELETE " + deployments + "42", "DELETE " + deployments + "43");
      world.services.verify(
          request()
              .withMethod("DELETE")
              .withPath(deployments + "43")
              .withHeader("Authorization", "Bearer ghp_0123456789abcdefghijklmnopqrstuvwxyz")
              .withHeader("X-GitHub-Api-Version", "2022-11-28"));
    }
  }

  @Test
  void a_new_deployment_brings_it_back() {
    try (SlipwayServer world = world("").start()) {
      deployed(world, 42, "pr-12");
      deliver(world, closed(12));
      awaitLast(world, 42, "inactive", "Destroyed: pull request #12 was closed");
      assertThat(world.deliver(preview(42, "pr-12", SlipwayServer.SHA)).body())
          .contains("\"stale\"", "its environment was destroyed");

      deployed(world, 43, "pr-12");

      assertThat(done()).containsExactly("deploy 42", "destroy pr-12", "deploy 43");
    }
  }
}
