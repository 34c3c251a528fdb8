package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Locks through the API: what is locked waits, and runs once when it is unlocked. */
class LocksIT {
  private static final String LOCK =
      """
      {"repository":"octo-org/hello-world","environment":"production","owner":"ann",
      "reason":"db migration"}\
      """;
  private static final String HELD = "Locked by ann: db migration; slipway unlock --id 1";

  @TempDir Path folder;

  private SlipwayServer world() {
    return new SlipwayServer(folder)
        .set("DEPLOY_CMD", "echo $SLIPWAY_DEPLOYMENT_ID >> " + folder + "/ran");
  }

  private List<String> ran() throws IOException {
    Path file = folder.resolve("ran");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static HttpResponse<String> call(SlipwayServer world, String method, String path) {
    return world.send(
        HttpRequest.newBuilder(world.at(path))
            .header("Authorization", "Bearer api-token-of-the-test")
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build());
  }

  private static void awaitQueued(SlipwayServer world, long id, String description) {
    Await.until(
        () -> world.posted(id).toString(),
        () ->
            world.posted(id).stream()
                .anyMatch(
                    posted ->
                        posted.state().equals("queued")
                            && posted.description().equals(description)));
  }

  private static List<String> states(SlipwayServer world, long id) {
    return world.awaitEnd(id).stream().map(SlipwayServer.Posted::state).toList();
  }

  @Test
  void a_lock_holds_a_deployment_which_runs_once_when_it_is_lifted() throws Exception {
    try (SlipwayServer world = world().start()) {
      HttpResponse<String> locked = world.api("/api/locks", LOCK);
      assertThat(locked.statusCode()).isEqualTo(201);
      JsonNode lock = SlipwayServer.json(locked.body());
      assertThat(lock.path("scope").asString()).isEqualTo("production of octo-org/hello-world");
      assertThat(lock.has("expires_at")).isFalse();

      String answer = world.deliver(SlipwayServer.event()).body();

      awaitQueued(world, 42, HELD);
      long id = SlipwayServer.json(answer).path("deployment").asLong();
      assertThat(
              SlipwayServer.json(call(world, "GET", "/api/deployments/" + id).body())
                  .path("state")
                  .asString())
          .isEqualTo("queued");
      String page = world.onThisPort(world.posted(42).getFirst().logUrl());
      assertThat(world.get(URI.create(page)).body()).contains(HELD);
      world.deliver(SlipwayServer.event(43, "staging", SlipwayServer.SHA));
      assertThat(states(world, 43)).containsExactly("in_progress", "success");
      assertThat(call(world, "GET", "/api/locks").body())
          .isEqualTo("{\"locks\":[" + locked.body() + "]}");

      HttpResponse<String> unlocked =
          world.api(
              "/api/locks/unlock",
              "{\"repository\":\"octo-org/hello-world\",\"environment\":\"Production\"}");

      assertThat(unlocked.statusCode()).isEqualTo(200);
      assertThat(unlocked.body()).isEqualTo(locked.body());
      assertThat(states(world, 42)).containsExactly("queued", "in_progress", "success");
      assertThat(ran()).containsExactly("43", "42");
      assertThat(call(world, "GET", "/api/locks").body()).isEqualTo("{\"locks\":[]}");
    }
  }

  @Test
  void a_stop_and_a_start_change_nothing_about_what_is_held() throws Exception {
    try (SlipwayServer world = world().start()) {
      world.api("/api/locks", LOCK);
      world.deliver(SlipwayServer.event());
      awaitQueued(world, 42, HELD);
      world.stop();
      world.start();
      world.deliver(SlipwayServer.event(43, "staging", SlipwayServer.SHA));
      assertThat(states(world, 43)).endsWith("success");
      assertThat(ran()).containsExactly("43");

      assertThat(call(world, "DELETE", "/api/locks/1").statusCode()).isEqualTo(200);

      assertThat(states(world, 42)).containsExactly("queued", "in_progress", "success");
      assertThat(ran()).containsExactly("43", "42");
    }
  }

  @Test
  void a_lock_with_a_time_to_live_ends_by_itself() throws Exception {
    try (SlipwayServer world = world().start()) {
      HttpResponse<String> locked =
          world.api("/api/locks", "{\"reason\":\"short\",\"ttl\":\"5s\"}");
      assertThat(SlipwayServer.json(locked.body()).path("owner").asString())
          .isEqualTo("token SLIPWAY_API_TOKEN");
      assertThat(SlipwayServer.json(locked.body()).has("expires_at")).isTrue();

      world.deliver(SlipwayServer.event());

      assertThat(states(world, 42)).containsExactly("queued", "in_progress", "success");
      assertThat(ran()).containsExactly("42");
    }
  }

  @Test
  void what_another_has_locked_stays_his_and_what_one_locks_again_is_renewed() {
    try (SlipwayServer world = world().start()) {
      world.api("/api/locks", LOCK);

      HttpResponse<String> other = world.api("/api/locks", LOCK.replace("ann", "bob"));
      assertThat(other.statusCode()).isEqualTo(409);
      assertThat(SlipwayServer.json(other.body()).path("detail").asString())
          .isEqualTo("production of octo-org/hello-world is locked already: " + HELD);

      HttpResponse<String> again =
          world.api("/api/locks", LOCK.replace("db migration", "clean up"));
      assertThat(again.statusCode()).isEqualTo(200);
      assertThat(SlipwayServer.json(again.body()).path("reason").asString()).isEqualTo("clean up");
      assertThat(SlipwayServer.json(again.body()).path("id").asLong()).isEqualTo(1);
    }
  }

  @Test
  void secrets_in_a_reason_are_kept_nowhere() {
    try (SlipwayServer world = world().start()) {
      String body =
          world.api("/api/locks", LOCK.replace("db migration", "see api-token-of-the-test")).body();
      assertThat(body).contains("see ***").doesNotContain("api-token-of-the-test");
    }
  }

  @Test
  void each_thing_that_is_wrong_is_named() {
    Map<String, String> wrong =
        Map.of(
            "{}",
            "reason must say why: whoever waits reads it",
            "{\"reason\":\" \"}",
            "reason must be a text that is not blank",
            "{\"reason\":\"x\",\"ttl\":\"soon\"}",
            "ttl must be a time such as 30m, 2h or 7d, at most 365d",
            "{\"reason\":\"x\",\"ttl\":\"0s\"}",
            "ttl must be a time",
            "{\"reason\":\"x\",\"ttl\":\"999d\"}",
            "at most 365d",
            "{\"reason\":\"x\",\"repository\":\"web\"}",
            "repository must be owner/name",
            "{\"reason\":\"x\",\"env\":\"production\"}",
            "unknown field \\\"env\\\"",
            "{\"reason\":\"" + "x".repeat(501) + "\"}",
            "reason may have 500 characters",
            "[]",
            "the body must be a JSON object",
            "no",
            "the body is not JSON");
    try (SlipwayServer world = world().start()) {
      wrong.forEach(
          (body, detail) -> {
            HttpResponse<String> answer = world.api("/api/locks", body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(answer.body()).as(body).contains(detail);
          });
      assertThat(call(world, "GET", "/api/locks").body()).isEqualTo("{\"locks\":[]}");
      assertThat(world.api("/api/locks/unlock", "{\"environment\":\"production\"}").body())
          .contains("There is no lock on production of all repositories; nothing is locked");
      world.api("/api/locks", LOCK);
      HttpResponse<String> missing = call(world, "DELETE", "/api/locks/7");
      assertThat(missing.statusCode()).isEqualTo(404);
      assertThat(missing.body())
          .contains("There is no lock 7; locked are production of octo-org/hello-world (1)");
      assertThat(
              world.send(HttpRequest.newBuilder(world.at("/api/locks")).GET().build()).statusCode())
          .isEqualTo(401);
    }
  }

  private static HttpResponse<String> as(
      SlipwayServer world, String token, String method, String path, String body) {
    return world.send(
        HttpRequest.newBuilder(world.at(path))
            .header("Authorization", "Bearer " + token)
            .header("Slipway-Actor", "ann")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private String token(SlipwayServer world, String name, String... more) {
    String[] words =
        Stream.concat(Stream.of("tokens", "create", name), Stream.of(more)).toArray(String[]::new);
    return CommandRun.of(world, folder, words).out().strip();
  }

  @Test
  void a_token_locks_what_it_is_for() {
    try (SlipwayServer world = world().start()) {
      String reader = token(world, "reader", "--scope", "read");
      String mine = token(world, "mine", "--scope", "control,read", "--repository", "octo-org/*");
      assertThat(as(world, reader, "POST", "/api/locks", LOCK).statusCode()).isEqualTo(403);
      assertThat(as(world, mine, "POST", "/api/locks", "{\"reason\":\"x\"}").body())
          .contains("Name a repository: token mine is for octo-org/* only");
      assertThat(
              as(world, mine, "POST", "/api/locks", LOCK.replace("octo-org/", "other/"))
                  .statusCode())
          .isEqualTo(404);
      world.api("/api/locks", LOCK.replace("octo-org/", "other/"));
      world.api("/api/locks", "{\"reason\":\"everything\"}");
      assertThat(as(world, reader, "GET", "/api/locks", "").body())
          .contains("other/hello-world", "everything");
      assertThat(as(world, mine, "GET", "/api/locks", "").body())
          .contains("everything")
          .doesNotContain("other/hello-world");
      assertThat(as(world, mine, "DELETE", "/api/locks/1", "").statusCode()).isEqualTo(404);
      assertThat(as(world, mine, "DELETE", "/api/locks/2", "").statusCode()).isEqualTo(404);

      String own =
          as(world, mine, "POST", "/api/locks", LOCK.replace("\"owner\":\"ann\",", "")).body();
      assertThat(SlipwayServer.json(own).path("owner").asString()).isEqualTo("ann (token mine)");
      assertThat(as(world, mine, "DELETE", "/api/locks/3", "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_lock_is_removed_by_its_number_however_many_there_are() throws Exception {
    String url = TestDatabases.SQLITE.url();
    try (Connection database = DriverManager.getConnection(url);
        Statement statement = database.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  """
                  insert into environment_lock (host, repository_key, environment_key, repository,
                    environment, owner, reason, created_at)
                    with recursive n (i) as (select 1 union all select i + 1 from n where i < 1005)
                    select '', 'octo/r', 'e' || i, 'octo/r', 'e' || i, 'ann', 'many', 0 from n
                  """))
          .isEqualTo(1005);
    }
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", url).start()) {
      assertThat(call(world, "DELETE", "/api/locks/1005").statusCode()).isEqualTo(200);
      assertThat(call(world, "DELETE", "/api/locks/1005").statusCode()).isEqualTo(404);
    }
  }

  private CommandRun command(SlipwayServer world, String... words) {
    String[] all =
        Stream.concat(Stream.of(words), Stream.of("--url", world.at("/").toString()))
            .toArray(String[]::new);
    return CommandRun.of(world, folder, all);
  }

  @Test
  void what_others_wrote_stays_on_its_line_of_the_command_line() {
    try (SlipwayServer world = world().start()) {
      world.api(
          "/api/locks",
          "{\"owner\":\"ann\",\"environment\":\"a\\nb\",\"reason\":\"x\\n\\u001b[2Jall by root\\u009b1m\"}");

      assertThat(command(world, "locks").out().lines())
          .hasSize(1)
          .allMatch(line -> line.startsWith("a b of all repositories by ann: x [2Jall by root 1m"));
      assertThat(command(world, "audit").out().lines())
          .hasSize(1)
          .allMatch(line -> line.endsWith(": a b of all repositories: x [2Jall by root 1m"));
      assertThat(command(world, "unlock", "c").err().lines()).hasSize(1);
    }
  }

  @Test
  void the_command_line_locks_lists_and_unlocks() throws Exception {
    try (SlipwayServer world = world().start()) {
      String[] lock = {"lock", "production", "--repository", "octo-org/hello-world"};
      CommandRun locked = command(world, with(lock, "--reason", "db migration", "--owner", "ann"));
      assertThat(locked.err()).isEmpty();
      assertThat(locked.code()).isZero();
      assertThat(locked.out())
          .isEqualTo(
              "Locked: production of octo-org/hello-world by ann: db migration"
                  + " (until it is unlocked; unlock --id 1)\n");
      world.deliver(SlipwayServer.event());
      awaitQueued(world, 42, HELD);
      CommandRun taken = command(world, with(lock, "--reason", "x", "--owner", "bob"));
      assertThat(taken.code()).isEqualTo(1);
      assertThat(taken.err()).contains("is locked already: " + HELD);
      assertThat(command(world, "lock", "--reason", "stop", "--for", "soon").err())
          .contains("ttl must be a time such as 30m, 2h or 7d");
      assertThat(command(world, "lock", "--reason", "stop", "--for", "2h").out())
          .contains("all repositories by ", "(token SLIPWAY_API_TOKEN): stop (until 2");
      assertThat(command(world, "lock", "production").code()).as("no reason").isEqualTo(2);
      assertThat(command(world, "locks").out()).hasLineCount(2).contains("production of octo-org");
      assertThat(command(world, "unlock", "--id", "2", "staging").code()).isEqualTo(2);

      assertThat(command(world, "unlock").out())
          .startsWith("Unlocked: all repositories, which ")
          .endsWith("had locked: stop\n");
      CommandRun missing = command(world, "unlock", "staging");
      assertThat(missing.code()).isEqualTo(1);
      assertThat(missing.err())
          .contains(
              "There is no lock on staging of all repositories; locked are production of"
                  + " octo-org/hello-world (1)");
      assertThat(command(world, "unlock", "--id", "1").code()).isZero();

      assertThat(states(world, 42)).containsExactly("queued", "in_progress", "success");
      assertThat(command(world, "locks").out()).isEqualTo("Nothing is locked.\n");
      assertThat(ran()).containsExactly("42");
    }
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }
}
