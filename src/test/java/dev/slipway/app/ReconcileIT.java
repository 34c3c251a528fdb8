package dev.slipway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deployment that GitHub made while Slipway was down. */
class ReconcileIT {
  private static final String DEPLOYMENTS = "/repos/octo-org/hello-world/deployments";

  @TempDir Path folder;

  @Test
  void what_was_made_while_slipway_was_down_is_deployed_exactly_once() throws Exception {
    AtomicReference<String> list = new AtomicReference<>("[]");
    try (World world =
        new World(folder)
            .set("DEPLOY_CMD", "echo $SLIPWAY_DEPLOYMENT_ID >> " + folder.resolve("ran"))
            .set("SLIPWAY_REPOSITORIES", "octo-org/hello-world")
            .set("SLIPWAY_RECONCILE_EVERY", "200ms")
            .set("SLIPWAY_RECONCILE_GRACE", "1ms")) {
      answer(world, DEPLOYMENTS, list);
      answer(world, World.STATUSES, new AtomicReference<>("[]"));
      world.start();
      awaitLook(world);
      world.stop();
      list.set("[" + made() + "]");
      world.start();

      assertThat(world.awaitEnd())
          .extracting(World.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(world.deliver(World.event()).body()).contains("\"duplicate\"");
      assertThat(Files.readString(folder.resolve("ran"))).isEqualTo("42\n");
    }
  }

  private static void answer(World world, String path, AtomicReference<String> body) {
    world
        .services
        .when(request().withMethod("GET").withPath(path))
        .respond(
            _ ->
                response()
                    .withStatusCode(200)
                    .withHeader("Content-Type", "application/json")
                    .withBody(body.get()));
  }

  private static void awaitLook(World world) {
    Eventually.until(
        () -> world.calls().toString(),
        () -> world.calls().stream().anyMatch(call -> call.startsWith("GET " + DEPLOYMENTS)));
  }

  private static String made() {
    return World.json(World.event())
        .path("deployment")
        .toString()
        .replace("2026-11-21T10:00:00Z", now());
  }

  private static String now() {
    return new SystemTime().instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
