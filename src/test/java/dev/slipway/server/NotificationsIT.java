package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.secret.Secret;
import dev.slipway.secret.WebhookSigner;
import dev.slipway.store.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Receivers of a whole server: what they get, and what happens while one is away. */
class NotificationsIT {
  private static final Secret SECRET = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private static final String PATH = "/hooks/of-the-tracker-4fzQmPk9";

  @TempDir Path folder;
  private final AtomicBoolean isAway = new AtomicBoolean();

  private SlipwayServer world() {
    SlipwayServer world = new SlipwayServer(folder).set("DEPLOY_CMD", "true");
    world
        .services
        .when(request().withPath(PATH))
        .respond(_ -> response().withStatusCode(isAway.get() ? 503 : 204));
    return world;
  }

  private SlipwayServer withWebhook() {
    SlipwayServer world = world();
    return world
        .set("SLIPWAY_NOTIFY_URL", world.base() + PATH)
        .set("SLIPWAY_NOTIFY_SECRET", SECRET.reveal());
  }

  private static List<org.mockserver.model.HttpRequest> received(SlipwayServer world, String path) {
    return Arrays.asList(world.services.retrieveRecordedRequests(request().withPath(path)));
  }

  private static JsonNode data(org.mockserver.model.HttpRequest call) {
    return SlipwayServer.json(call.getBodyAsString()).path("data");
  }

  private static List<String> states(SlipwayServer world) {
    return received(world, PATH).stream().map(call -> data(call).path("state").asString()).toList();
  }

  private static void awaitStates(SlipwayServer world, String... states) {
    Await.until(() -> states(world).toString(), () -> states(world).equals(List.of(states)));
  }

  private static HttpResponse<String> get(SlipwayServer world, String path) {
    return get(world, path, "api-token-of-the-test");
  }

  private static HttpResponse<String> get(SlipwayServer world, String path, String token) {
    return world.send(
        HttpRequest.newBuilder(world.at(path)).header("Authorization", "Bearer " + token).build());
  }

  private static JsonNode list(SlipwayServer world) {
    return SlipwayServer.json(get(world, "/api/notifications").body()).path("notifications");
  }

  private static void awaitOutcomes(SlipwayServer world, String... newestFirst) {
    Await.until(
        () -> list(world).toString(),
        () ->
            list(world)
                .valueStream()
                .map(one -> one.path("outcome").asString())
                .toList()
                .equals(List.of(newestFirst)));
  }

  @ParameterizedTest
  @EnumSource
  void a_receiver_is_told_of_each_status_once_and_signed(TestDatabases kind) throws Exception {
    try (SlipwayServer world = withWebhook().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      world.deliver(SlipwayServer.event());
      world.awaitEnd();
      awaitOutcomes(world, "delivered", "delivered");

      assertThat(states(world)).containsExactly("in_progress", "success");
      var last = received(world, PATH).getLast();
      assertThat(data(last).path("github_deployment_id").asLong()).isEqualTo(42);
      assertThat(data(last).path("repository").asString()).isEqualTo("octo-org/hello-world");
      assertThat(data(last).path("description").asString())
          .isEqualTo(world.posted(42).getLast().description());
      assertThat(data(last).path("log_url").asString())
          .isEqualTo(world.posted(42).getLast().logUrl());
      assertThat(last.getFirstHeader("webhook-id"))
          .isEqualTo(list(world).get(0).path("webhook_id").asString());
      assertThat(last.getFirstHeader("webhook-signature"))
          .isEqualTo(
              new WebhookSigner(SECRET)
                  .signature(
                      last.getFirstHeader("webhook-id"),
                      Instant.ofEpochSecond(
                          Long.parseLong(last.getFirstHeader("webhook-timestamp"))),
                      new String(last.getBodyAsRawBytes(), StandardCharsets.UTF_8)));
      String figures = world.get(world.at("/prometheus")).body();
      assertThat(figures)
          .contains(
              "slipway_notifications_total{outcome=\"delivered\",webhook=\"default\"} 2.0\n",
              "slipway_notifications_total{outcome=\"given_up\",webhook=\"default\"} 0.0\n",
              "slipway_notifications_waiting{webhook=\"default\"} 0.0\n");
      assertThat(Files.readString(Path.of("docs/operations.md")))
          .contains("`slipway_notifications_total", "`slipway_notifications_waiting");
      assertThat(get(world, "/api/notifications").body()).doesNotContain("4fzQmPk9", "whsec_");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_a_receiver_did_not_take_goes_out_after_a_restart_in_order(TestDatabases kind) {
    isAway.set(true);
    try (SlipwayServer world = withWebhook().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      world.deliver(SlipwayServer.event());
      world.awaitEnd();
      awaitStates(world, "in_progress");
      Await.until(
          () -> list(world).toString(), () -> list(world).get(1).path("failed_tries").asInt() == 1);
      assertThat(list(world).get(1).path("problem").asString())
          .isEqualTo("The receiver answered 503");
      assertThat(list(world).get(1).has("next_at")).isTrue();
      assertThat(list(world).get(0).has("next_at")).isFalse();

      world.stop();
      isAway.set(false);
      world.start();

      awaitOutcomes(world, "delivered", "delivered");
      assertThat(states(world)).containsExactly("in_progress", "in_progress", "success");
      assertThat(received(world, PATH).subList(0, 2))
          .extracting(call -> call.getFirstHeader("webhook-id"))
          .containsOnly(list(world).get(1).path("webhook_id").asString());
    }
  }

  @Test
  void a_receiver_that_hangs_holds_up_no_deploy_no_status_no_other_receiver_and_no_stop()
      throws Exception {
    try (SlipwayServer world = world()) {
      world
          .services
          .when(request().withPath("/hangs"))
          .respond(response().withStatusCode(200).withDelay(TimeUnit.SECONDS, 60));
      Files.writeString(
          folder.resolve("slipway.yml"),
          """
          notify:
            - {name: hangs, url: "%1$s/hangs", format: slack}
            - {name: tracker, url: "%1$s%2$s", secret: %3$s, events: ["s*"], log-url: off}
          """
              .formatted(world.base(), PATH, SECRET.reveal()));
      world.start();
      world.deliver(SlipwayServer.event());
      world.awaitEnd();
      awaitStates(world, "success");

      assertThat(data(received(world, PATH).getFirst()).path("log_url").isNull()).isTrue();
      assertThat(received(world, "/hangs")).hasSize(1);
      assertThat(received(world, "/hangs").getFirst().getFirstHeader("webhook-signature"))
          .isEmpty();
      long begun = System.nanoTime();
      world.stop();
      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(10));
      world.start();
      Await.until(
          () -> "the one that was interrupted is not sent again",
          () -> received(world, "/hangs").size() == 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_api_lists_them_and_sends_one_again(TestDatabases kind) {
    try (SlipwayServer world = withWebhook().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      world.deliver(SlipwayServer.event());
      awaitOutcomes(world, "delivered", "delivered");
      long first = list(world).get(1).path("id").asLong();

      HttpResponse<String> again = world.api("/api/notifications/" + first + "/redeliver", "");

      assertThat(again.statusCode()).isEqualTo(202);
      assertThat(SlipwayServer.json(again.body()).path("id").asLong()).isEqualTo(first);
      awaitStates(world, "in_progress", "success", "in_progress");
      awaitOutcomes(world, "delivered", "delivered");
      assertThat(get(world, "/api/notifications?limit=1&before=" + (first + 1)).body())
          .contains("\"id\":" + first + ",", "\"event\":\"deployment.in_progress\"")
          .doesNotContain("deployment.success");
      assertThat(world.api("/api/notifications/4711/redeliver", "").statusCode()).isEqualTo(404);
      assertThat(get(world, "/api/notifications?limit=0").body()).contains("from 1 to 200");
      assertThat(get(world, "/api/notifications?before=x").statusCode()).isEqualTo(400);
      assertThat(get(world, "/api/notifications?failed=x").body()).contains("use true or false");
      assertThat(world.get(world.at("/api/notifications")).statusCode()).isEqualTo(401);
      assertThat(get(world, "/api/audit").body())
          .contains(
              "\"action\":\"redeliver\"",
              "\"subject\":\"notification "
                  + first
                  + " to default of deployment 42 of octo-org/hello-world to production\"");
      assertThat(SlipwayServer.json(get(world, "/api/audit").body()).path("audit")).hasSize(1);
    }
  }

  @Test
  void the_command_line_shows_those_that_failed_and_sends_one_again() {
    isAway.set(true);
    try (SlipwayServer world = withWebhook().start()) {
      String url = world.at("/").toString();
      world.deliver(SlipwayServer.event());
      Await.until(
          () -> list(world).toString(),
          () -> list(world).path(1).path("failed_tries").asInt() == 1);

      CommandRun failed = CommandRun.of(world, folder, "notifications", "--failed", "--url", url);
      assertThat(failed.out())
          .hasLineCount(1)
          .startsWith("1      waiting   default deployment.in_progress of deployment 1 ")
          .contains(", next try ")
          .endsWith(": The receiver answered 503\n");
      assertThat(CommandRun.of(world, folder, "notifications", "--url", url).out()).hasLineCount(2);
      isAway.set(false);
      CommandRun again =
          CommandRun.of(world, folder, "notifications", "redeliver", "1", "--url", url);

      assertThat(again.out())
          .startsWith(
              "Sent again: 1      waiting   default deployment.in_progress of deployment 1 ");
      awaitOutcomes(world, "delivered", "delivered");
      assertThat(CommandRun.of(world, folder, "notifications", "--failed", "--url", url).out())
          .isEqualTo("There are no such notifications.\n");
      CommandRun unknown =
          CommandRun.of(world, folder, "notifications", "redeliver", "4711", "--url", url);
      assertThat(unknown).isEqualTo(new CommandRun(1, "", "404 There is no notification 4711\n"));
      CommandRun wrong =
          CommandRun.of(world, folder, "notifications", "redeliver", "x", "--url", url);
      assertThat(wrong.code()).isEqualTo(2);
      assertThat(CommandRun.of(world, folder, "audit", "--url", url).out())
          .contains(
              " redeliver by "
                  + System.getProperty("user.name")
                  + " (token SLIPWAY_API_TOKEN) (api): notification 1 to default of deployment 42 of"
                  + " octo-org/hello-world to production")
          .hasLineCount(1);
    }
  }

  @Test
  void a_token_sees_and_sends_only_what_it_is_for() {
    try (SlipwayServer world = withWebhook().start()) {
      world.deliver(SlipwayServer.event());
      awaitOutcomes(world, "delivered", "delivered");
      String reader = token(world, "reader", "read", "octo-org/*");
      String other = token(world, "other", "read,control", "octo-org/other");

      assertThat(get(world, "/api/notifications", reader).body()).contains("deployment.success");
      assertThat(redeliver(world, reader).statusCode()).isEqualTo(403);
      assertThat(get(world, "/api/notifications", other).body())
          .isEqualTo("{\"notifications\":[]}");
      assertThat(redeliver(world, other).statusCode()).isEqualTo(404);
      assertThat(states(world)).containsExactly("in_progress", "success");
    }
  }

  private String token(SlipwayServer world, String name, String scopes, String repositories) {
    return CommandRun.of(
            world,
            folder,
            "tokens",
            "create",
            name,
            "--scope",
            scopes,
            "--repository",
            repositories)
        .out()
        .strip();
  }

  private static HttpResponse<String> redeliver(SlipwayServer world, String token) {
    return world.send(
        HttpRequest.newBuilder(world.at("/api/notifications/1/redeliver"))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build());
  }
}
