package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Links to log pages that are revoked, and a Slipway without any. */
class LogLinksIT {
  private static final List<String> PARTS =
      List.of("", "/log", "/events", "/lines?before=99", "/later?from=0");

  @TempDir Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AtomicBoolean isAway = new AtomicBoolean();

  private SlipwayServer world() {
    return new SlipwayServer(folder).set("DEPLOY_CMD", ScriptedCommand.COMMAND);
  }

  private int run(Map<String, String> environment, String... words) throws InterruptedException {
    said.reset();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    return new Main(environment, folder, out, out).run(List.of(words));
  }

  private String told() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private static String path(String logUrl) {
    return URI.create(logUrl).getRawPath();
  }

  private static void assertOpens(SlipwayServer world, String logUrl) {
    assertThat(world.get(world.at(path(logUrl) + "/log")).statusCode()).isEqualTo(200);
  }

  private static void assertOpensNothing(SlipwayServer world, String logUrl) {
    String page = path(logUrl);
    String unknown = page.substring(0, page.lastIndexOf('/')) + "/" + "A".repeat(38);
    for (String part : PARTS) {
      HttpResponse<String> answer = world.get(world.at(page + part));
      assertThat(answer.statusCode()).as(part).isEqualTo(404);
      assertThat(answer.body()).isEqualTo(world.get(world.at(unknown + part)).body());
    }
  }

  @Test
  void revoked_links_open_nothing_and_what_is_made_later_does() throws Exception {
    ScriptedCommand script = new ScriptedCommand(folder);
    try (SlipwayServer world = world().start()) {
      world.deliver(SlipwayServer.event());
      Await.until(() -> "no status", () -> !world.posted(42).isEmpty());
      String old = world.posted(42).getFirst().logUrl();
      assertOpens(world, old);
      CompletableFuture<HttpResponse<String>> stream =
          CompletableFuture.supplyAsync(() -> world.get(world.at(path(old) + "/events")));

      HttpResponse<String> answer = world.api("/api/deployments/1/revoke_links", "");

      assertThat(answer.statusCode()).isEqualTo(200);
      String renewed = SlipwayServer.json(answer.body()).path("log_url").asString();
      assertOpensNothing(world, old);
      assertOpens(world, renewed);
      assertThat(stream.get(50, TimeUnit.SECONDS).body()).doesNotContain("event: end");
      script.does("exit 0");
      assertThat(world.awaitEnd().getLast().logUrl()).isEqualTo(renewed);
      assertThat(world.api("/api/deployments/999/revoke_links", "").statusCode()).isEqualTo(404);
      assertOpens(world, renewed);
    }
  }

  @Test
  void a_status_that_waits_for_github_goes_out_with_the_new_link() {
    ScriptedCommand script = new ScriptedCommand(folder);
    try (SlipwayServer world = world()) {
      isAway.set(true);
      world.services.clear(request().withMethod("POST"));
      world
          .services
          .when(request().withMethod("POST").withPath("/repos/.*/statuses"))
          .respond(
              _ ->
                  isAway.get()
                      ? response().withStatusCode(503)
                      : response("{\"id\":900}").withStatusCode(201));
      world
          .services
          .when(request().withMethod("GET").withPath("/repos/.*/statuses"))
          .respond(response("[]").withStatusCode(200));
      world.start();
      world.deliver(SlipwayServer.event());
      script.does("exit 0");
      Await.until(() -> "no try", () -> !world.posted(42).isEmpty());
      String renewed =
          SlipwayServer.json(world.api("/api/deployments/1/revoke_links", "").body())
              .path("log_url")
              .asString();
      int tries = world.posted(42).size();

      isAway.set(false);

      Await.until(
          () -> world.posted(42).toString(),
          () ->
              world.posted(42).stream()
                  .skip(tries)
                  .map(SlipwayServer.Posted::state)
                  .toList()
                  .contains("success"));
      assertThat(world.posted(42).getLast().logUrl()).isEqualTo(renewed);
    }
  }

  @Test
  void the_command_has_the_running_server_revoke_them() throws Exception {
    try (SlipwayServer world = world().set("DEPLOY_CMD", "true").start()) {
      world.deliver(SlipwayServer.event());
      String old = world.awaitEnd().getLast().logUrl();
      Map<String, String> environment = new HashMap<>(world.environment());
      environment.put("PORT", Integer.toString(world.at("/").getPort()));

      assertThat(run(environment, "links", "revoke", "1")).as(told()).isZero();
      assertThat(told()).contains("/deployments/1/").doesNotContain(old);
      assertOpensNothing(world, old);
      assertThat(run(environment, "links", "revoke", "999")).isEqualTo(1);
      assertThat(told()).contains("There is no deployment 999");
      environment.put("SLIPWAY_API_TOKEN", "another-token-than-its");
      assertThat(run(environment, "links", "revoke", "1")).isEqualTo(1);
      assertThat(told()).contains("401").doesNotContain("another-token-than-its");
      environment.remove("SLIPWAY_API_TOKEN");
      assertThat(run(environment, "links", "revoke", "1")).isEqualTo(2);
      assertThat(told()).contains("SLIPWAY_API_TOKEN is not set");
      assertThat(run(environment, "links", "revoke", "1/../2")).isEqualTo(2);
      assertThat(run(environment, "links", "revoke")).isEqualTo(2);
      world.stop();
      assertThat(run(world.environment(), "links", "revoke", "1")).isEqualTo(1);
      assertThat(told()).contains("no Slipway was reached");
    }
  }

  @Test
  void switched_off_no_link_is_posted_or_told_and_none_opens() {
    try (SlipwayServer world = world().set("DEPLOY_CMD", "true").start()) {
      world.deliver(SlipwayServer.event());
      String former = world.awaitEnd().getLast().logUrl();
      world.stop();
      world.set("SLIPWAY_LOG_LINKS", "off").start();
      world.deliver(SlipwayServer.event(43, "staging", SlipwayServer.SHA));

      List<SlipwayServer.Posted> posted = world.awaitEnd(43);

      assertThat(posted).isNotEmpty().allMatch(status -> !status.body().has("log_url"));
      JsonNode ordered =
          SlipwayServer.json(world.api("/api/deploy_application?wait=30s", "").body());
      assertThat(ordered.path("state").asString()).isEqualTo("succeeded");
      assertThat(ordered.has("log_url")).isFalse();
      assertOpensNothing(world, former);
    }
  }
}
