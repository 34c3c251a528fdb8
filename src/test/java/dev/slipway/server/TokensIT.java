package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.TestDatabases;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of the API: made on the command line beside a running server, used through HTTP. */
class TokensIT {
  private static final String DEPLOY = "/api/deploy_application";
  private static final String ORDER = "{\"repository\":\"octo-org/hello-world\",\"sha\":\"%s\"}";

  @TempDir Path folder;

  private SlipwayServer world() {
    return new SlipwayServer(folder).set("DEPLOY_CMD", "true");
  }

  private CommandRun run(SlipwayServer world, String... words) {
    return CommandRun.of(world, folder, words);
  }

  private String create(SlipwayServer world, String... words) {
    CommandRun made = run(world, words);
    assertThat(made.code()).as(made.err()).isZero();
    return made.out().strip();
  }

  private static HttpResponse<String> get(SlipwayServer world, String token, String path) {
    return world.send(
        HttpRequest.newBuilder(world.at(path)).header("Authorization", "Bearer " + token).build());
  }

  private static HttpResponse<String> order(SlipwayServer world, String token, String body) {
    return world.send(
        HttpRequest.newBuilder(world.at(DEPLOY + "?wait=30s"))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  @ParameterizedTest
  @EnumSource
  void one_that_is_made_beside_the_server_works_at_once_and_no_more_when_revoked(
      TestDatabases kind) {
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      String token = create(world, "tokens", "create", "ci", "--scope", "deploy,read");
      assertThat(token).matches("slp_[A-Za-z0-9_-]{43}");
      assertThat(run(world, "tokens", "list").out())
          .startsWith("ci: read, deploy for all repositories; made ")
          .contains("never used")
          .doesNotContain(token);

      String order = ORDER.formatted(SlipwayServer.SHA);
      HttpResponse<String> placed = order(world, token, order);
      assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
      assertThat(get(world, token, "/api/deployments/1").statusCode()).isEqualTo(200);
      assertThat(run(world, "tokens", "list").out()).contains("last used ");

      assertThat(run(world, "tokens", "revoke", "ci").out()).contains("works no more");
      assertThat(get(world, token, "/api/deployments/1").statusCode()).isEqualTo(401);
      assertThat(run(world, "tokens", "list").out()).contains("revoked ");
      assertThat(run(world, "tokens", "revoke", "ci").code()).isEqualTo(1);
      assertThat(run(world, "tokens", "create", "ci", "--scope", "read").err())
          .contains("There is or was a token ci already");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_one_client_calls_its_order_is_nothing_to_another(TestDatabases kind) {
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      String ci = create(world, "tokens", "create", "ci", "--scope", "deploy,read");
      String bot = create(world, "tokens", "create", "bot", "--scope", "deploy,read");

      assertThat(orderOnce(world, ci, SlipwayServer.SHA)).contains("\"id\":1,");
      assertThat(orderOnce(world, bot, "b".repeat(40))).contains("\"id\":2,");

      assertThat(orderOnce(world, ci, SlipwayServer.SHA)).contains("\"id\":1,");
      assertThat(orderOnce(world, bot, "b".repeat(40))).contains("\"id\":2,");
      assertThat(get(world, ci, "/api/deployments/3").statusCode()).isEqualTo(404);
    }
  }

  private static String orderOnce(SlipwayServer world, String token, String sha) {
    return world
        .send(
            HttpRequest.newBuilder(world.at(DEPLOY + "?wait=30s"))
                .header("Authorization", "Bearer " + token)
                .header("Idempotency-Key", "17")
                .POST(HttpRequest.BodyPublishers.ofString(ORDER.formatted(sha)))
                .build())
        .body();
  }

  @Test
  void who_waits_for_the_end_hears_nothing_more_once_his_token_is_revoked() throws Exception {
    Path going = Files.createFile(folder.resolve("going"));
    try (SlipwayServer world =
            world().set("DEPLOY_CMD", "while [ -e " + going + " ]; do sleep 0.1; done").start();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      String token = create(world, "tokens", "create", "ci", "--scope", "deploy,read");
      Future<HttpResponse<String>> waiting =
          callers.submit(() -> order(world, token, ORDER.formatted(SlipwayServer.SHA)));
      Await.until(
          () -> "not running",
          () -> get(world, token, "/api/deployments/1").body().contains("\"running\""));

      assertThat(run(world, "tokens", "revoke", "ci").code()).isZero();

      assertThat(waiting.get().statusCode()).isEqualTo(401);
      assertThat(waiting.get().body())
          .contains("Token ci was revoked while it waited; deployment 1 goes on");
      Files.delete(going);
    }
  }

  @Test
  void a_token_does_what_its_scopes_say_and_no_scope_includes_another() {
    try (SlipwayServer world = world().start()) {
      String deploy = create(world, "tokens", "create", "deployer", "--scope", "deploy");
      String read = create(world, "tokens", "create", "reader", "--scope", "read");
      String control = create(world, "tokens", "create", "operator", "--scope", "control");
      String admin = create(world, "tokens", "create", "boss", "--scope", "admin");

      HttpResponse<String> refused = order(world, read, "");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body())
          .contains("This needs a token with the scope deploy; token reader has: read");
      assertThat(order(world, deploy, "").statusCode()).isEqualTo(200);
      assertThat(get(world, deploy, "/api/deployments/1").statusCode()).isEqualTo(403);
      assertThat(get(world, control, "/api/deployments/1").statusCode()).isEqualTo(403);
      assertThat(get(world, read, "/api/deployments/1").statusCode()).isEqualTo(200);
      assertThat(get(world, admin, "/api/deployments/1").statusCode()).isEqualTo(200);
      assertThat(order(world, admin, "").statusCode()).isEqualTo(200);
      assertThat(get(world, read, "/api/nothing/here").statusCode())
          .as("what is not there asks for admin, so it tells nobody what is there")
          .isEqualTo(403);
    }
  }

  @Test
  void what_is_in_other_repositories_looks_unknown() {
    try (SlipwayServer world = world().start()) {
      String mine =
          create(
              world,
              "tokens",
              "create",
              "mine",
              "--scope",
              "read,deploy",
              "--repository",
              "Mine/*");
      assertThat(world.api(DEPLOY + "?wait=30s", ORDER.formatted(SlipwayServer.SHA)).statusCode())
          .isEqualTo(200);

      HttpResponse<String> hidden = get(world, mine, "/api/deployments/1");
      assertThat(hidden.statusCode()).isEqualTo(404);
      assertThat(hidden.body())
          .isEqualTo(get(world, mine, "/api/deployments/4711").body().replace("4711", "1"));
      HttpResponse<String> other = order(world, mine, ORDER.formatted(SlipwayServer.SHA));
      assertThat(other.statusCode()).isEqualTo(404);
      assertThat(other.body()).contains("no repository octo-org/hello-world for token mine");
      assertThat(order(world, mine, "").body()).contains("Name a repository");
      String order = "{\"repository\":\"mine/app\",\"sha\":\"%s\"}".formatted(SlipwayServer.SHA);
      assertThat(order(world, mine, order).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_token_that_deploys_alone_cannot_order_what_takes_another_scope() {
    try (SlipwayServer world = world().start()) {
      String deploy = create(world, "tokens", "create", "deployer", "--scope", "deploy");
      assertThat(world.api("/api/locks", "{\"reason\":\"migration\"}").statusCode()).isEqualTo(201);
      assertThat(
              world
                  .api("/api/locks", "{\"environment\":\"production\",\"reason\":\"x\"}")
                  .statusCode())
          .isEqualTo(201);

      for (String order :
          List.of(
              "{\"repository\":\"octo-org/hello-world\",\"task\":\"deploy:unlock\"}",
              "{\"task\":\"deploy:unlock\",\"route\":\"chatops\"}",
              "{\"route\":\"chatops\"}")) {
        HttpResponse<String> refused = order(world, deploy, order);
        assertThat(refused.statusCode()).as(order + refused.body()).isEqualTo(422);
      }
    }
  }

  @Test
  void a_token_for_some_repositories_names_no_route_of_others() throws Exception {
    Files.writeString(
        folder.resolve("slipway.yml"),
        """
        routes:
          - name: mine
            match: {repositories: [mine/app]}
            chain: [{shell: {command: "true"}}]
          - name: theirs
            match: {repositories: [theirs/secret]}
            chain: [{shell: {command: "true"}}]
        """);
    try (SlipwayServer world = new SlipwayServer(folder).start()) {
      String mine =
          create(world, "tokens", "create", "mine", "--scope", "deploy", "--repository", "mine/*");
      String order =
          "{\"repository\":\"mine/%s\",\"sha\":\"" + SlipwayServer.SHA + "\",\"route\":\"%s\"}";
      assertThat(order(world, mine, order.formatted("app", "mine")).statusCode()).isEqualTo(200);

      HttpResponse<String> theirs = order(world, mine, order.formatted("app", "theirs"));
      assertThat(theirs.statusCode()).as(theirs.body()).isEqualTo(422);
      assertThat(theirs.body())
          .isEqualTo(
              order(world, mine, order.formatted("app", "nobody's"))
                  .body()
                  .replace("nobody's", "theirs"))
          .doesNotContain("secret");
      assertThat(order(world, mine, order.formatted("other", "mine")).body())
          .doesNotContain("secret");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/locks",
        "/%61pi/locks",
        "//api/locks",
        "/./api/locks",
        "/x/../api/locks",
        "/api%2Flocks",
        "/api;a=b/locks",
        "/api/%6Cocks",
        "/api/locks/",
        "/API/locks",
        "/api/../api/locks"
      })
  void no_spelling_of_an_address_leads_past_the_guard(String path) {
    try (SlipwayServer world = world().start()) {
      world.api("/api/locks", "{\"reason\":\"a secret plan\"}");
      for (String method : List.of("GET", "HEAD", "OPTIONS", "PUT")) {
        HttpResponse<String> answer =
            world.send(
                HttpRequest.newBuilder(URI.create(world.at("") + path))
                    .header("X-HTTP-Method-Override", "GET")
                    .header("X-Original-URL", "/api/locks")
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build());
        assertThat(answer.statusCode()).as(method + " " + answer.body()).isBetween(400, 499);
        assertThat(answer.body()).doesNotContain("plan");
      }
    }
  }

  @Test
  void without_the_token_of_the_configuration_those_of_the_database_open_the_api() {
    try (SlipwayServer world = world().without("SLIPWAY_API_TOKEN").start()) {
      String token = create(world, "tokens", "create", "ci", "--scope", "deploy");
      assertThat(order(world, "api-token-of-the-test", "").statusCode()).isEqualTo(403);
      assertThat(order(world, "slp_" + "x".repeat(43), "").statusCode()).isEqualTo(401);
      assertThat(order(world, token, "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void what_is_kept_of_a_token_does_not_let_anybody_in() throws Exception {
    try (SlipwayServer world = world().start()) {
      String token = create(world, "tokens", "create", "ci", "--scope", "admin");
      assertThat(order(world, token, "").statusCode()).isEqualTo(200);
      world.stop();
      byte[] file = Files.readAllBytes(folder.resolve("data/slipway.db"));
      assertThat(new String(file, StandardCharsets.ISO_8859_1)).doesNotContain(token.substring(4));
    }
  }

  @Test
  void what_cannot_be_a_token_is_told_with_what_to_write() {
    try (SlipwayServer world = world().start()) {
      CommandRun wrong =
          run(world, "tokens", "create", "a b", "--scope", "write", "--repository", "octo-org");
      assertThat(wrong.code()).isEqualTo(2);
      assertThat(wrong.out()).isEmpty();
      assertThat(wrong.err())
          .contains(
              "\"a b\" cannot be the name of a token",
              "\"write\" is no scope: use read, deploy, control, admin",
              "\"octo-org\" is no pattern of repositories: write owner/name");
      assertThat(run(world, "tokens", "create", "slipway_api_token", "--scope", "read").code())
          .isEqualTo(2);
      assertThat(run(world, "tokens", "create", "ci").code()).isEqualTo(2);
      assertThat(run(world, "tokens", "list").out()).startsWith("There are no tokens");
    }
  }

  @Test
  void without_a_database_the_command_says_where_it_looked() {
    try (SlipwayServer world = world()) {
      CommandRun run = run(world, "tokens", "list");
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).contains("There is no database at " + folder, "settings");
    }
  }
}
