package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.time.SystemTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockserver.model.ClearType;

/** A deployment that GitHub made while Slipway was down. */
class ReconcileIT {
  private static final String DEPLOYMENTS = "/repos/octo-org/hello-world/deployments";
  private static final String HOOKS = "/repos/octo-org/hello-world/hooks";
  private static final String HOOK =
      "[{\"id\":8,\"config\":{\"url\":\"https://deploy.example.com/webhooks/github\"}}]";

  @TempDir Path folder;

  @Test
  void what_was_made_while_slipway_was_down_is_deployed_exactly_once() throws Exception {
    AtomicReference<String> list = new AtomicReference<>("[]");
    try (SlipwayServer world =
        new SlipwayServer(folder)
            .set("DEPLOY_CMD", "echo $SLIPWAY_DEPLOYMENT_ID >> " + folder.resolve("ran"))
            .set("SLIPWAY_REPOSITORIES", "octo-org/hello-world")
            .set("SLIPWAY_RECONCILE_EVERY", "200ms")
            .set("SLIPWAY_RECONCILE_GRACE", "1ms")) {
      answer(world, DEPLOYMENTS, list);
      answer(world, SlipwayServer.STATUSES, new AtomicReference<>("[]"));
      world.start();
      awaitCall(world, "GET " + DEPLOYMENTS);
      world.stop();
      list.set("[" + made() + "]");
      world.start();

      assertThat(world.awaitEnd())
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(world.deliver(SlipwayServer.event()).body()).contains("\"duplicate\"");
      assertThat(Files.readString(folder.resolve("ran"))).isEqualTo("42\n");
    }
  }

  @Test
  void a_failed_delivery_is_deployed_once_even_when_the_list_tells_of_it_as_well()
      throws Exception {
    AtomicReference<String> list = new AtomicReference<>("[]");
    AtomicReference<String> deliveries = new AtomicReference<>("[]");
    AtomicReference<String> delivery = new AtomicReference<>("{}");
    try (SlipwayServer world =
        new SlipwayServer(folder)
            .set("DEPLOY_CMD", "echo $SLIPWAY_DEPLOYMENT_ID >> " + folder.resolve("ran"))
            .set("SLIPWAY_REPOSITORIES", "octo-org/hello-world")
            .set("SLIPWAY_PUBLIC_URL", "https://deploy.example.com")
            .set("SLIPWAY_RECONCILE_EVERY", "200ms")
            .set("SLIPWAY_RECONCILE_GRACE", "1ms")) {
      answer(world, DEPLOYMENTS, list);
      answer(world, SlipwayServer.STATUSES, new AtomicReference<>("[]"));
      answer(world, HOOKS, new AtomicReference<>(HOOK));
      answer(world, HOOKS + "/8/deliveries", deliveries);
      answer(world, HOOKS + "/8/deliveries/5", delivery);
      world.start();
      awaitCall(world, "GET " + HOOKS + "/8/deliveries");
      world.stop();
      delivery.set(failed());
      deliveries.set(
          "[{\"id\":5,\"guid\":\"g1\",\"event\":\"deployment\",\"status\":\"timed out\","
              + "\"delivered_at\":\"%s\"}]".formatted(now()));
      world.start();

      assertThat(world.awaitEnd())
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      list.set("[" + made() + "]");
      world.services.clear(request(), ClearType.LOG);
      awaitCall(world, "GET " + DEPLOYMENTS);
      awaitCall(world, "GET " + HOOKS + "/8/deliveries");
      assertThat(world.deliver(SlipwayServer.event()).body()).contains("\"duplicate\"");
      assertThat(Files.readString(folder.resolve("ran"))).isEqualTo("42\n");
    }
  }

  private static String failed() {
    String event = SlipwayServer.event().replace(SlipwayServer.CREATED_AT, now());
    return "{\"id\":5,\"request\":{\"payload\":" + event + "}}";
  }

  private static void answer(SlipwayServer world, String path, AtomicReference<String> body) {
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

  private static void awaitCall(SlipwayServer world, String call) {
    Await.until(
        () -> world.calls().toString(),
        () -> world.calls().stream().anyMatch(made -> made.startsWith(call)));
  }

  private static String made() {
    return SlipwayServer.json(SlipwayServer.event())
        .path("deployment")
        .toString()
        .replace(SlipwayServer.CREATED_AT, now());
  }

  private static String now() {
    return new SystemTime().instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
