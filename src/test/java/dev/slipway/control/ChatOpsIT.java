package dev.slipway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;
import static org.mockserver.model.JsonBody.json;

import dev.slipway.server.Await;
import dev.slipway.server.SlipwayServer;
import dev.slipway.store.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockserver.matchers.MatchType;
import org.mockserver.matchers.Times;

/** Deployments with the tasks of ChatOps are answered as statuses. */
class ChatOpsIT {
  private static final String FIRST = "a".repeat(40);
  private static final String SECOND = "b".repeat(40);

  @TempDir Path folder;

  private SlipwayServer world() {
    return new SlipwayServer(folder)
        .set("DEPLOY_CMD", "echo \"$SLIPWAY_ENVIRONMENT $SLIPWAY_SHA\" >> " + folder + "/ran");
  }

  private static void deliver(SlipwayServer world, long id, String task, String payload) {
    String event =
        SlipwayServer.event(id, "production", SECOND)
            .replace("\"task\":\"deploy\"", "\"task\":\"" + task + "\"")
            .replace("{\"reason\":\"because\"}", payload);
    assertThat(world.deliver(event).statusCode()).isEqualTo(202);
  }

  private static SlipwayServer.Posted answer(
      SlipwayServer world, long id, String task, String payload) {
    deliver(world, id, task, payload);
    return world.awaitEnd(id).getLast();
  }

  private static void deploy(SlipwayServer world, long id, String environment, String sha) {
    assertThat(world.deliver(SlipwayServer.event(id, environment, sha)).statusCode())
        .isEqualTo(202);
    assertThat(world.awaitEnd(id).getLast().state()).isEqualTo("success");
  }

  private static void githubCreates(SlipwayServer world, long id, String sha) {
    world
        .services
        .when(
            request().withMethod("POST").withPath("/repos/octo-org/hello-world/deployments"),
            Times.once())
        .respond(
            response("{\"id\":%d,\"sha\":\"%s\"}".formatted(id, sha))
                .withStatusCode(201)
                .withHeader("Content-Type", "application/json"));
  }

  @Test
  void a_lock_holds_what_comes_until_it_is_removed_and_deploys_nothing_itself() {
    try (SlipwayServer world = world().start()) {
      SlipwayServer.Posted locked =
          answer(world, 41, "deploy:lock", "{\"reason\":\"migration\",\"for\":\"2h\"}");
      assertThat(locked.state()).isEqualTo("success");
      assertThat(locked.description()).isEqualTo("Locked production for mia: migration");
      assertThat(locked.body().path("auto_inactive").asBoolean(true))
          .as("what is live in the environment stays so")
          .isFalse();

      deliver(world, 42, "deploy", "{}");
      Await.until(
          () -> world.posted(42).toString(),
          () -> world.posted(42).stream().anyMatch(status -> status.state().equals("queued")));
      assertThat(world.posted(42).getLast().description()).contains("Locked by mia: migration");

      SlipwayServer.Posted unlocked = answer(world, 43, "deploy:unlock", "{}");
      assertThat(unlocked.description())
          .isEqualTo("Unlocked production, which mia had locked: migration");
      assertThat(world.awaitEnd(42).getLast().state()).isEqualTo("success");
      assertThat(folder.resolve("ran")).hasContent("production " + SECOND);
      assertThat(answer(world, 44, "deploy:unlock", "{}").description())
          .isEqualTo("production is not locked");
    }
  }

  @Test
  void a_task_that_cannot_be_done_ends_as_failure_and_says_why() {
    try (SlipwayServer world = world().start()) {
      SlipwayServer.Posted rollback = answer(world, 41, "rollback", "{}");
      assertThat(rollback.state()).isEqualTo("failure");
      assertThat(rollback.description())
          .startsWith("Nothing to roll back: no deployment of octo-org/hello-world in production");

      SlipwayServer.Posted promotion = answer(world, 42, "deploy:promote", "{}");
      assertThat(promotion.state()).isEqualTo("failure");
      assertThat(promotion.description()).startsWith("A promotion needs \"from\" in its payload");

      assertThat(answer(world, 43, "deploy:lock", "{\"for\":\"soon\",\"reason\":\"x\"}").state())
          .isEqualTo("failure");
      assertThat(folder.resolve("ran")).doesNotExist();
    }
  }

  /** A command that runs until a file says how it ends. */
  private SlipwayServer waiting(TestDatabases kind) {
    return new SlipwayServer(folder)
        .set("SLIPWAY_DATABASE_URL", kind.url())
        .set(
            "DEPLOY_CMD",
            "cd %s; echo \"$SLIPWAY_SHA\" >> ran; while [ ! -s go ]; do sleep 0.1; done; exit $(cat go)"
                .formatted(folder));
  }

  private void awaitStarted(int times) {
    Await.until(() -> "not started", () -> ran().size() == times);
  }

  private List<String> ran() {
    Path file = folder.resolve("ran");
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String last(SlipwayServer world, long id) {
    SlipwayServer.Posted last = world.awaitEnd(id).getLast();
    return last.state() + ": " + last.description();
  }

  @ParameterizedTest
  @EnumSource
  void a_cancel_stops_the_newest_that_waits_or_runs_and_never_itself(TestDatabases kind)
      throws Exception {
    try (SlipwayServer world = waiting(kind).start()) {
      deliver(world, 42, "deploy", "{}");
      awaitStarted(1);
      deliver(world, 43, "deploy", "{}");

      SlipwayServer.Posted first =
          answer(world, 44, "deploy:cancel", "{\"reason\":\"wrong commit\"}");
      assertThat(first.state()).isEqualTo("success");
      assertThat(first.description())
          .isEqualTo("Cancelled deployment 43; its own status says what came of it");
      assertThat(last(world, 43)).isEqualTo("inactive: Cancelled by mia: wrong commit");

      assertThat(answer(world, 45, "deploy:cancel", "{\"reason\":\"it hangs\"}").description())
          .startsWith("Cancelled deployment 42;");
      assertThat(last(world, 42))
          .isEqualTo("inactive: Cancelled by mia: it hangs; the command was stopped");

      assertThat(last(world, 46, "deploy:cancel", "{}"))
          .isEqualTo("failure: Nothing waits or runs in production");
      assertThat(world.audit())
          .containsExactly(
              "cancel of deployment 42 of octo-org/hello-world to production by mia (chatops): it"
                  + " hangs",
              "cancel of deployment 43 of octo-org/hello-world to production by mia (chatops):"
                  + " wrong commit");
      assertThat(ran()).hasSize(1);
    }
  }

  private static String last(SlipwayServer world, long id, String task, String payload) {
    SlipwayServer.Posted last = answer(world, id, task, payload);
    return last.state() + ": " + last.description();
  }

  @ParameterizedTest
  @EnumSource
  void a_retry_runs_what_ended_badly_again_and_a_number_is_githubs(TestDatabases kind)
      throws Exception {
    try (SlipwayServer world = waiting(kind).start()) {
      assertThat(last(world, 41, "deploy:retry", "{}"))
          .isEqualTo("failure: Nothing has ended in production");
      Files.writeString(folder.resolve("go"), "3");
      deliver(world, 42, "deploy", "{}");
      assertThat(last(world, 42)).startsWith("failure");
      Files.writeString(folder.resolve("go"), "0");

      assertThat(last(world, 43, "deploy:retry", "{\"reason\":\"flaky\"}"))
          .isEqualTo("success: Deployment 42 runs again; its own status says how it ends");

      Await.until(
          () -> world.posted(42).toString(),
          () -> world.posted(42).getLast().state().equals("success"));
      assertThat(ran()).isEqualTo(List.of(SECOND, SECOND));
      assertThat(last(world, 44, "deploy:retry", "{\"deployment\":\"42\"}"))
          .isEqualTo("failure: Deployment 42 is not run again: it has succeeded already");
      assertThat(last(world, 45, "deploy:cancel", "{\"deployment\":42}"))
          .startsWith("failure: Deployment 42 has ended already: succeeded, ");
      assertThat(last(world, 46, "deploy:cancel", "{\"deployment\":46}"))
          .isEqualTo("failure: Deployment 46 deploys nothing, it is a task itself");
      assertThat(last(world, 47, "deploy:cancel", "{\"deployment\":\"newest\"}"))
          .isEqualTo("failure: \"deployment\" in the payload must be GitHub's number of one");
      assertThat(last(world, 48, "deploy:cancel", "{\"deployment\":4711}"))
          .isEqualTo("failure: There is no deployment 4711 of octo-org/hello-world here");
      deploy(world, 49, "staging", FIRST);
      assertThat(last(world, 50, "deploy:cancel", "{\"deployment\":49}"))
          .isEqualTo("failure: Deployment 49 is of staging: give the task to that environment");
      assertThat(world.audit())
          .containsExactly(
              "retry of deployment 42 of octo-org/hello-world to production by mia (chatops):"
                  + " flaky");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_rollback_creates_a_deployment_of_the_commit_before_once(TestDatabases kind)
      throws Exception {
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      deploy(world, 42, "production", FIRST);
      deploy(world, 43, "production", SECOND);
      githubCreates(world, 45, FIRST);

      SlipwayServer.Posted done = answer(world, 44, "rollback", "{\"reason\":\"it is slow\"}");

      assertThat(done.state()).isEqualTo("success");
      assertThat(done.body().path("auto_inactive").asBoolean(true)).isFalse();
      assertThat(world.awaitEnd(45).getLast().state()).isEqualTo("success");
      assertThat(world.posted(45).getLast().body().path("auto_inactive").asBoolean()).isTrue();
      world.services.verify(
          request()
              .withMethod("POST")
              .withPath("/repos/octo-org/hello-world/deployments")
              .withBody(
                  json(
                      """
                      {"ref":"%s","task":"deploy",
                      "description":"Rollback to aaaaaaa by mia: it is slow"}\
                      """
                          .formatted(FIRST),
                      MatchType.ONLY_MATCHING_FIELDS)));
      assertThat(Files.readAllLines(folder.resolve("ran")))
          .isEqualTo(List.of("production " + FIRST, "production " + SECOND, "production " + FIRST));
      assertThat(world.audit())
          .containsExactly(
              "rollback of deployment 45 of octo-org/hello-world to production by mia (chatops): it"
                  + " is slow");
    }
  }

  @Test
  void a_promotion_names_the_environment_to_take_from() {
    try (SlipwayServer world = world().start()) {
      deploy(world, 42, "staging", FIRST);
      githubCreates(world, 44, FIRST);

      assertThat(answer(world, 43, "deploy:promote", "{\"from\":\"staging\"}").state())
          .isEqualTo("success");

      assertThat(world.awaitEnd(44).getLast().state()).isEqualTo("success");
      assertThat(folder.resolve("ran")).content().endsWith("production " + FIRST + "\n");
      assertThat(world.audit())
          .containsExactly(
              "promote of deployment 44 of octo-org/hello-world to production by mia (chatops): from"
                  + " chat");
    }
  }

  @Test
  void switched_off_such_a_task_is_deployed_like_any_other() {
    try (SlipwayServer world = world().set("SLIPWAY_CHATOPS", "false").start()) {
      assertThat(answer(world, 42, "rollback", "{}").state()).isEqualTo("success");
      assertThat(folder.resolve("ran")).hasContent("production " + SECOND);
    }
  }

  @Test
  void who_may_not_deploy_there_may_not_tell_it_anything() {
    try (SlipwayServer world = world().set("SLIPWAY_ENVIRONMENTS", "staging").start()) {
      String event =
          SlipwayServer.event(42, "production", FIRST)
              .replace("\"task\":\"deploy\"", "\"task\":\"deploy:lock\"");
      assertThat(world.deliver(event).body()).contains("no_route").contains("SLIPWAY_ENVIRONMENTS");
    }
  }

  @Test
  void whom_the_gates_keep_out_may_not_tell_it_anything_either() throws Exception {
    Files.writeString(
        folder.resolve("slipway.yml"),
        """
        routes:
          - name: web
            gates: {creators: [ann], refs: [release]}
            chain:
              - shell: {command: "true"}
        """);
    try (SlipwayServer world = new SlipwayServer(folder).start()) {
      SlipwayServer.Posted refused = answer(world, 42, "deploy:lock", "{\"reason\":\"mine\"}");
      assertThat(refused.state()).isEqualTo("error");
      assertThat(refused.description())
          .isEqualTo("Refused: gates.creators lets ann in, not \"mia\": one of them may deploy it");
      assertThat(world.api("/api/locks/unlock", "{\"environment\":\"production\"}").body())
          .contains("nothing is locked");
    }
  }
}
