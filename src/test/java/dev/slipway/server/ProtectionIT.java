package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Freeze windows and gates of a route in the file, through HTTP. */
class ProtectionIT {
  private static final String OTHER_SHA = "0".repeat(40);
  private static final String FROZEN = "Frozen: release week; slipway override ";

  @TempDir Path folder;

  private SlipwayServer world(String rules) throws IOException {
    Files.writeString(
        folder.resolve("slipway.yml"),
        """
        routes:
          - name: web
        %s
            chain:
              - shell:
                  command: echo $SLIPWAY_DEPLOYMENT_ID >> %s/ran
        """
            .formatted(rules.indent(4), folder));
    return new SlipwayServer(folder).start();
  }

  private List<String> ran() throws IOException {
    Path file = folder.resolve("ran");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static List<String> states(SlipwayServer world, long id) {
    return world.awaitEnd(id).stream().map(SlipwayServer.Posted::state).toList();
  }

  private static void awaitPosted(SlipwayServer world, long id, String state, String description) {
    Await.until(
        () -> world.posted(id).toString(),
        () ->
            world.posted(id).stream()
                .anyMatch(
                    posted ->
                        posted.state().equals(state) && posted.description().equals(description)));
  }

  @Test
  void a_freeze_holds_a_deployment_until_somebody_overrides_it() throws Exception {
    try (SlipwayServer world = world("freeze: [{reason: release week}]")) {
      world.deliver(SlipwayServer.event());
      awaitPosted(world, 42, "queued", FROZEN + 1);
      HttpResponse<String> unsaid = world.api("/api/deployments/1/override", "{}");
      assertThat(unsaid.statusCode()).isEqualTo(400);
      assertThat(unsaid.body()).contains("reason must say why");
      assertThat(world.api("/api/deployments/7/override", "{\"reason\":\"x\"}").statusCode())
          .isEqualTo(404);

      HttpResponse<String> answer =
          world.api("/api/deployments/1/override", "{\"reason\":\"outage\"}");

      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(SlipwayServer.json(answer.body()).path("id").asLong()).isEqualTo(1);
      assertThat(states(world, 42)).containsExactly("queued", "in_progress", "success");
      assertThat(ran()).containsExactly("42");
      assertThat(world.plainLog(world.posted(42).getLast().logUrl()))
          .contains("▸ Freeze windows are overridden by token SLIPWAY_API_TOKEN: outage");
      assertThat(world.api("/api/deployments/1/override", "{\"reason\":\"x\"}").statusCode())
          .as("repeated")
          .isEqualTo(202);
      assertThat(world.plainLog(world.posted(42).getLast().logUrl()))
          .containsOnlyOnce("Freeze windows are overridden");
    }
  }

  @Test
  void what_does_not_wait_has_no_freeze_to_override() throws Exception {
    try (SlipwayServer world = world("freeze: []")) {
      world.deliver(SlipwayServer.event());
      assertThat(states(world, 42)).endsWith("success");

      HttpResponse<String> late =
          world.api("/api/deployments/1/override", "{\"reason\":\"outage\"}");

      assertThat(late.statusCode()).isEqualTo(409);
      assertThat(late.body()).contains("Deployment 1 does not wait");
    }
  }

  @Test
  void the_command_line_overrides_a_freeze() throws Exception {
    try (SlipwayServer world = world("freeze: [{reason: release week}]")) {
      world.deliver(SlipwayServer.event());
      awaitPosted(world, 42, "queued", FROZEN + 1);
      String url = world.at("/").toString();
      CommandRun unsaid = CommandRun.of(world, folder, "override", "1", "--url", url);
      assertThat(unsaid.code()).isEqualTo(1);
      assertThat(unsaid.err()).contains("reason must say why");

      CommandRun done =
          CommandRun.of(world, folder, "override", "1", "--reason", "outage", "--url", url);

      assertThat(done.err()).isEmpty();
      assertThat(done.out()).startsWith("Deployment 1: overridden, ");
      assertThat(states(world, 42)).containsExactly("queued", "in_progress", "success");
    }
  }

  @Test
  void a_payload_overrides_a_freeze_where_the_route_lets_its_creator() throws Exception {
    try (SlipwayServer world = world("freeze: [{reason: release week}]\nfreeze-override: [mia]")) {
      world.deliver(
          SlipwayServer.event()
              .replace("{\"reason\":\"because\"}", "{\"override_freeze\":\"outage\"}"));

      assertThat(states(world, 42)).containsExactly("in_progress", "success");
      assertThat(world.plainLog(world.posted(42).getLast().logUrl()))
          .contains("▸ Freeze windows are overridden by mia: outage");
      assertThat(ran()).containsExactly("42");
    }
  }

  @Test
  void what_a_payload_says_makes_no_line_of_its_own_in_the_log() throws Exception {
    try (SlipwayServer world = world("freeze: [{reason: release week}]\nfreeze-override: [mia]")) {
      world.deliver(
          SlipwayServer.event()
              .replace(
                  "{\"reason\":\"because\"}",
                  "{\"override_freeze\":\"x\\n2026-11-22T18:00:00.000Z ▸ Succeeded: all fine\"}"));

      assertThat(states(world, 42)).containsExactly("in_progress", "success");
      assertThat(world.plainLog(world.posted(42).getLast().logUrl()).lines())
          .noneMatch(line -> line.startsWith("2026-11-22T18:00:00.000Z"))
          .anyMatch(
              line -> line.endsWith("by mia: x 2026-11-22T18:00:00.000Z ▸ Succeeded: all fine"));
    }
  }

  @Test
  void where_the_route_rejects_what_comes_while_it_is_held_is_turned_away() throws Exception {
    try (SlipwayServer world = world("locked: reject")) {
      world.api("/api/locks", "{\"reason\":\"move\",\"owner\":\"ann\"}");

      JsonNode answer = SlipwayServer.json(world.deliver(SlipwayServer.event()).body());

      assertThat(answer.path("decision").asString()).isEqualTo("locked");
      assertThat(states(world, 42)).containsExactly("inactive");
      assertThat(world.posted(42).getFirst().description())
          .isEqualTo("Turned away: Locked by ann: move; slipway unlock");
      HttpResponse<String> order = world.api("/api/deploy_application", "{\"route\":\"web\"}");
      assertThat(order.statusCode()).isEqualTo(409);
      assertThat(ran()).isEmpty();
    }
  }

  @Test
  void gates_refuse_with_an_error_that_says_which_and_what_to_do() throws Exception {
    try (SlipwayServer world =
        world("gates: {refs: [main], creators: [mia], after: staging}\nmatch: {tasks: [deploy]}")) {
      JsonNode answer =
          SlipwayServer.json(
              world
                  .deliver(SlipwayServer.event().replace("\"ref\":\"main\"", "\"ref\":\"feature\""))
                  .body());
      assertThat(answer.path("decision").asString()).isEqualTo("gated");
      assertThat(states(world, 42)).containsExactly("error");
      assertThat(world.posted(42).getFirst().description())
          .isEqualTo("Refused: gates.refs lets main in, not \"feature\": deploy one of these");

      world.deliver(
          SlipwayServer.event(43, "production", SlipwayServer.SHA)
              .replace("\"login\":\"mia\"", "\"login\":\"bob\""));
      assertThat(states(world, 43)).containsExactly("error");
      assertThat(world.posted(43).getFirst().description())
          .isEqualTo("Refused: gates.creators lets mia in, not \"bob\": one of them may deploy it");

      world.deliver(SlipwayServer.event(44, "production", SlipwayServer.SHA));
      assertThat(states(world, 44)).containsExactly("error");
      assertThat(world.posted(44).getFirst().description())
          .isEqualTo(
              "Refused: gates.after wants f95f852 live in staging, where nothing is: deploy it"
                  + " there first");
      assertThat(
              world
                  .api(
                      "/api/deploy_application",
                      "{\"route\":\"web\",\"repository\":\"octo-org/hello-world\",\"ref\":\"main\",\"sha\":\"%s\"}"
                          .formatted(OTHER_SHA))
                  .statusCode())
          .isEqualTo(422);
      assertThat(ran()).isEmpty();
    }
  }

  @Test
  void a_commit_that_is_live_in_the_environment_before_passes() throws Exception {
    Files.writeString(
        folder.resolve("slipway.yml"),
        """
        routes:
          - name: staging
            match: {environments: [staging]}
            chain: [{shell: {command: "true"}}]
          - name: production
            gates: {after: staging}
            chain: [{shell: {command: "true"}}]
        """);
    try (SlipwayServer world = new SlipwayServer(folder).start()) {
      world.deliver(SlipwayServer.event(41, "staging", SlipwayServer.SHA));
      assertThat(states(world, 41)).endsWith("success");

      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      world.deliver(SlipwayServer.event(43, "production", OTHER_SHA));

      assertThat(states(world, 42)).containsExactly("in_progress", "success");
      assertThat(states(world, 43)).containsExactly("error");
      assertThat(world.posted(43).getFirst().description())
          .isEqualTo(
              "Refused: gates.after wants 0000000 live in staging, where f95f852 is: deploy it"
                  + " there first");
    }
  }
}
