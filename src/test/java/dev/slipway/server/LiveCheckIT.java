package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.store.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockserver.model.HttpResponse;

/** A deploy is told as success when what is live has been looked at. */
@Execution(ExecutionMode.CONCURRENT)
class LiveCheckIT {
  @TempDir Path folder;

  private final AtomicReference<HttpResponse> answer =
      new AtomicReference<>(response().withStatusCode(503));

  private SlipwayServer world() {
    SlipwayServer world = new SlipwayServer(folder);
    world
        .services
        .when(request().withMethod("GET").withPath("/version/production"))
        .respond(_ -> answer.get());
    return world
        .set("DEPLOY_CMD", "echo once >> " + folder.resolve("ran"))
        .set("SLIPWAY_CHECK_URL", world.base() + "/version/{environment}")
        .set("SLIPWAY_CHECK_EVERY", "100ms")
        .set("SLIPWAY_CHECK_COMMIT_JSON", "commit");
  }

  private static HttpResponse running(String sha) {
    return response("{\"commit\":\"" + sha + "\"}");
  }

  private static void awaitText(SlipwayServer world, String text) {
    Await.until(
        () -> text + " is not in " + world.posted(42),
        () -> world.posted(42).stream().anyMatch(posted -> posted.description().contains(text)));
  }

  @ParameterizedTest
  @EnumSource
  void a_command_succeeds_when_its_commit_runs_also_after_a_restart(TestDatabases kind)
      throws Exception {
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", kind.url())) {
      world.start().deliver(SlipwayServer.event());
      awaitText(world, "Live, checking it");
      world.stop();
      answer.set(running("9876543210"));
      world.start();
      Await.until(
          () -> "no other commit seen",
          () ->
              world
                  .plainLog(world.posted(42).getFirst().logUrl())
                  .contains("with 9876543 instead of commit f95f852"));
      answer.set(running(SlipwayServer.SHA));

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted.getLast().state()).isEqualTo("success");
      assertThat(posted.getLast().description())
          .endsWith("/version/production answered 200 with commit f95f852");
      assertThat(Files.readString(folder.resolve("ran"))).isEqualTo("once\n");
      assertThat(world.plainLog(posted.getFirst().logUrl()))
          .contains("▸ Check of shell: GET " + world.base() + "/version/production answered 503");
    }
  }

  @Test
  void what_does_not_pass_in_its_time_is_a_failure_that_says_what_was_seen() {
    try (SlipwayServer world = world().set("SLIPWAY_CHECK_TIMEOUT", "1s")) {
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted.getLast().state()).isEqualTo("failure");
      assertThat(posted.getLast().description())
          .startsWith("Live, but not passing its check for 1 s: GET ")
          .endsWith("/version/production answered 503");
    }
  }

  @Test
  void a_command_that_fails_is_not_checked() {
    try (SlipwayServer world = world().set("DEPLOY_CMD", "exit 3")) {
      world.start().deliver(SlipwayServer.event());

      assertThat(world.awaitEnd().getLast().description()).contains("3");
      assertThat(world.calls()).isEmpty();
    }
  }
}
