package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code explain} beside a server: by GUID, by our number and by GitHub's. */
class ExplainIT {
  @TempDir Path folder;
  private SlipwayServer world;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void start() {
    world =
        new SlipwayServer(folder)
            .set("SLIPWAY_ENVIRONMENTS", "production,staging")
            .set(
                "DEPLOY_CMD", "while [ ! -e %s/go ]; do sleep 0.1; done; exit 3".formatted(folder));
    world.start();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private int explain(String... arguments) throws InterruptedException {
    out.reset();
    err.reset();
    return new Main(
            world.environment(),
            folder,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(List.of(arguments));
  }

  private List<String> printed() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** The GUID that the fixture gives to the delivery of an event. */
  private static String guid(String event) {
    return UUID.nameUUIDFromBytes(event.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static String event(long id) {
    return SlipwayServer.event(id, "production", SlipwayServer.SHA);
  }

  @Test
  void a_deployment_is_followed_from_its_delivery_to_what_github_has() throws Exception {
    assertThat(world.deliver(event(42)).statusCode()).isEqualTo(202);
    assertThat(world.deliver(event(43)).statusCode()).isEqualTo(202);

    assertThat(explain("explain", "github:43")).as(err.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(printed())
        .anyMatch(line -> line.equals("Delivery " + guid(event(43)) + ": deployment, by webhook"))
        .anyMatch(line -> line.matches("  received \\S+, signed with the secret \"current\""))
        .anyMatch(line -> line.startsWith("  accepted: "))
        .anyMatch(
            line ->
                line.matches(
                    "Deployment \\d+ \\(github:43\\): octo-org/hello-world at 127.0.0.1 to production, f95f852 of"
                        + " main, task deploy, by mia"))
        .contains("  now: route \"default\" takes it")
        .contains("Run 1 by route \"default\": queued")
        .contains(
            "  waits for 1 ahead in its queue, the first is deployment 42 of octo-org/hello-world to"
                + " production")
        .contains("  shell: not tried")
        .anyMatch(
            line ->
                line.matches(
                    "→ it runs when those before it have ended, or is replaced by a newer one;"
                        + " `cancel \\d+` ends it"));

    Files.createFile(folder.resolve("go"));
    world.awaitEnd(43);
    Await.until(() -> "posted " + world.posted(42), () -> isPosted(42));

    assertThat(explain("explain", guid(event(42)))).isZero();
    assertThat(printed())
        .anyMatch(line -> line.startsWith("Run 1 by route \"default\": failed, "))
        .anyMatch(line -> line.startsWith("  shell: accepted, ") && line.contains("failed: "))
        .anyMatch(line -> line.startsWith("Status failure ") && line.endsWith(": GitHub has it"))
        .anyMatch(
            line -> line.startsWith("→ its log page has the output; `retry 1` runs it again"));
    assertThat(explain("explain", "1", "--json")).isZero();
    JsonNode json = SlipwayServer.json(out.toString(StandardCharsets.UTF_8));
    assertThat(json.path("deployment").path("github_id").asLong()).isEqualTo(42);
    assertThat(json.path("deployment").path("runs").path(0).path("state").asString())
        .isEqualTo("failed");
    assertThat(json.path("deliveries").path(0).path("decision").asString()).isEqualTo("accepted");
    assertThat(json.path("deliveries").path(0).path("received_at").asString())
        .matches("\\d{4}-.*Z");
  }

  private boolean isPosted(long githubId) {
    return world.posted(githubId).stream().anyMatch(posted -> posted.state().equals("failure"));
  }

  @Test
  void what_was_turned_away_says_why_and_how_to_try_routes() throws Exception {
    String event = SlipwayServer.event(44, "preview", SlipwayServer.SHA);
    assertThat(world.deliver(event).statusCode()).isEqualTo(202);

    for (String name : List.of(guid(event), "github:44")) {
      assertThat(explain("explain", name)).as(err.toString(StandardCharsets.UTF_8)).isZero();
      assertThat(printed())
          .hasSize(4)
          .anyMatch(
              line ->
                  line.startsWith("  no_route: ")
                      && line.contains("does not take environment \"preview\""))
          .anyMatch(
              line -> line.startsWith("→ change the route") && line.endsWith("simulate FILE"));
    }
  }

  @Test
  void text_from_outside_cannot_steer_the_terminal() throws Exception {
    String event = event(45).replace("\"main\"", "\"a\\u001b[2Jb\\u202e\"");
    assertThat(world.deliver(event).statusCode()).isEqualTo(202);

    assertThat(explain("explain", "github:45")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(" of a [2Jb ")
        .doesNotContain("\u001b");
  }

  @Test
  void what_is_not_known_is_told_with_where_to_look() throws Exception {
    for (String name : List.of("0b989ba4-242f-11e5-81e1-c7b6966d2516", "4711", "github:4711")) {
      assertThat(explain("explain", name)).isEqualTo(1);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .contains(
              "kept for 30 days (SLIPWAY_KEEP_DELIVERIES)", "Recent deliveries", "reconcile-");
      assertThat(printed()).isEmpty();
    }
    assertThat(explain("explain", "$(id)")).isEqualTo(2);
    assertThat(explain("explain")).isEqualTo(2);
  }

  @Test
  void without_a_database_it_says_where_it_looked() throws Exception {
    world.set("SLIPWAY_DATA", folder.resolve("elsewhere").toString());

    assertThat(explain("explain", "7")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("There is no database at " + folder.resolve("elsewhere"));
    assertThat(folder.resolve("elsewhere")).doesNotExist();
  }
}
