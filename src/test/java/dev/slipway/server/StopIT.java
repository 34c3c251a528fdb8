package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mockserver.matchers.TimeToLive;
import org.mockserver.matchers.Times;

/**
 * SIGTERM: the webhook first, then the queues, then what runs, then the statuses, and exit code 0.
 */
@Order(1) // takes long
class StopIT {
  @TempDir Path folder;
  private final AtomicInteger triggers = new AtomicInteger();

  private SlipwayServer world() {
    return new SlipwayServer(folder)
        .set(
            "DEPLOY_CMD",
            "echo $SLIPWAY_DEPLOYMENT_ID >> %s/started; while [ ! -e %s/go ]; do sleep 0.05; done"
                .formatted(folder, folder));
  }

  private void awaitStarted() {
    Await.until(() -> "no command has started", () -> Files.exists(folder.resolve("started")));
  }

  /** The last statuses have two seconds, in which nothing should be slow for being the first. */
  private static void awaitFirstStatus(SlipwayServer world, JarProcess jar) {
    Await.until(jar::output, () -> world.statesTaken(42).contains("in_progress"));
  }

  @Test
  @Timeout(240)
  void the_webhook_is_closed_while_a_running_command_gets_its_grace_and_its_status_still_goes_out()
      throws Exception {
    try (SlipwayServer world = world().set("SLIPWAY_STOP_GRACE", "30s");
        JarProcess jar = JarProcess.start(world.environment(), folder)) {
      assertThat(jar.deliver(SlipwayServer.event())).isEqualTo(202);
      awaitStarted();
      awaitFirstStatus(world, jar);

      jar.terminate();
      Await.until(
          jar::output,
          () -> jar.status(HttpRequest.newBuilder(jar.at("/health/readiness")).build()) == 503);
      assertThat(jar.deliver(SlipwayServer.event(43, "staging", SlipwayServer.SHA))).isEqualTo(503);
      assertThat(jar.isAlive()).isTrue();
      Files.createFile(folder.resolve("go"));

      assertThat(jar.awaitExit()).as(jar.output()).isZero();
      assertThat(world.statesTaken(42)).containsExactly("in_progress", "success");
      assertThat(world.posted(43)).isEmpty();
    }
  }

  @Test
  @Timeout(240)
  void a_command_that_outlasts_the_grace_is_taken_up_by_the_next_start() throws Exception {
    try (SlipwayServer world = world().set("SLIPWAY_STOP_GRACE", "100ms")) {
      try (JarProcess jar = JarProcess.start(world.environment(), folder)) {
        jar.deliver(SlipwayServer.event());
        awaitStarted();
        awaitFirstStatus(world, jar);
        jar.terminate();
        assertThat(jar.awaitExit()).as(jar.output()).isZero();
        assertThat(world.statesTaken(42)).containsExactly("in_progress");
      }
      Files.createFile(folder.resolve("go"));
      try (JarProcess jar = JarProcess.start(world.environment(), folder)) {
        world.awaitEnd();
        assertThat(world.statesTaken(42))
            .as(jar.output())
            .containsExactly("in_progress", "success");
      }
      assertThat(Files.readString(folder.resolve("started"))).isEqualTo("42\n");
    }
  }

  @Test
  @Timeout(240)
  void an_end_goes_out_behind_a_status_that_github_is_slow_to_answer() throws Exception {
    try (SlipwayServer world =
        new SlipwayServer(folder)
            .set("SLIPWAY_STOP_GRACE", "30s")
            .set("DEPLOY_CMD", "touch %s/started".formatted(folder))) {
      world
          .services
          .when(
              request().withMethod("POST").withPath(SlipwayServer.STATUSES),
              Times.exactly(1),
              TimeToLive.unlimited(),
              1)
          .respond(json(201, "{\"id\":900}").withDelay(TimeUnit.MILLISECONDS, 500));
      try (JarProcess jar = JarProcess.start(world.environment(), folder)) {
        assertThat(jar.deliver(SlipwayServer.event())).isEqualTo(202);
        awaitStarted();
        Await.until(jar::output, () -> !world.posted(42).isEmpty());
        jar.terminate();
        assertThat(jar.awaitExit()).as(jar.output()).isZero();
        assertThat(world.posted(42))
            .extracting(SlipwayServer.Posted::state)
            .as(jar.output())
            .containsExactly("in_progress", "success");
      }
    }
  }

  @Test
  @Timeout(240)
  void a_hundred_deploys_at_render_are_handed_on_without_waiting_for_their_end() throws Exception {
    try (SlipwayServer world = new SlipwayServer(folder)) {
      renderBuilds(world);
      world
          .set("RENDER_API_KEY", "rnd_0123456789")
          .set("RENDER_SERVICE_ID", "srv-cabcdefghijklmnopqrs");
      try (JarProcess jar = JarProcess.start(world.environment(), folder)) {
        for (int i = 0; i < 100; i++) {
          assertThat(jar.deliver(SlipwayServer.event(1000 + i, "preview-" + i, SlipwayServer.SHA)))
              .isEqualTo(202);
        }
        Await.until(() -> triggers + " started", () -> triggers.get() == 100);
        jar.terminate();
        assertThat(jar.awaitExit()).as(jar.output()).isZero();
      }
      renderIsLive(world);
      try (JarProcess jar = JarProcess.start(world.environment(), folder)) {
        Await.until(jar::output, () -> world.countTaken("success") == 100);
        for (int i = 0; i < 100; i++) {
          assertThat(world.statesTaken(1000 + i))
              .as(jar.output())
              .containsExactly("in_progress", "success");
        }
      }
      assertThat(triggers).hasValue(100);
    }
  }

  @Test
  @Timeout(240)
  void a_burst_that_meets_sigterm_is_deployed_once_each_and_none_ends_for_it() throws Exception {
    try (SlipwayServer world =
        new SlipwayServer(folder)
            .set("DEPLOY_CMD", "echo $SLIPWAY_DEPLOYMENT_ID >> %s/started".formatted(folder))) {
      List<Long> accepted = new CopyOnWriteArrayList<>();
      List<Long> unanswered = new CopyOnWriteArrayList<>();
      try (JarProcess jar = JarProcess.start(world.environment(), folder);
          ExecutorService senders = Executors.newFixedThreadPool(8)) {
        for (long id = 1000; id < 1150; id++) {
          long sent = id;
          senders.execute(
              () -> {
                switch (jar.deliver(
                    SlipwayServer.event(sent, "preview-" + sent, SlipwayServer.SHA))) {
                  case 202 -> accepted.add(sent);
                  case 0 -> unanswered.add(sent);
                  default -> {}
                }
              });
        }
        Await.until(() -> accepted.size() + " accepted", () -> accepted.size() >= 60);
        jar.terminate();
        assertThat(jar.awaitExit()).as(jar.output()).isZero();
      }
      try (JarProcess jar = JarProcess.start(world.environment(), folder)) {
        Await.until(
            () -> "without success: " + withoutSuccess(world, accepted) + "; " + jar.output(),
            () -> withoutSuccess(world, accepted).isEmpty());
        for (long id : accepted) {
          // Where many wait, an end is told without what came before it; and what was on its way
          // when the process ended may arrive after the next one had looked for it
          assertThat(world.statesTaken(id))
              .as("deployment " + id)
              .containsOnlyOnce("success")
              .endsWith("success")
              .isSubsetOf("in_progress", "success");
        }
      }
      List<Long> started =
          Files.readAllLines(folder.resolve("started")).stream().map(Long::valueOf).toList();
      assertThat(started).doesNotHaveDuplicates().containsAll(accepted);
      // Whether one was kept whose answer was lost, nobody can tell but by its deployment
      assertThat(started.stream().filter(id -> !accepted.contains(id))).isSubsetOf(unanswered);
    }
  }

  private static List<Long> withoutSuccess(SlipwayServer world, List<Long> accepted) {
    return accepted.stream().filter(id -> !world.statesTaken(id).contains("success")).toList();
  }

  private void renderBuilds(SlipwayServer world) {
    world
        .services
        .when(request().withMethod("POST").withPath("/v1/services/.*/deploys"))
        .respond(
            _ -> {
              int _ = triggers.incrementAndGet();
              return deploy(201, "build_in_progress");
            });
    world
        .services
        .when(request().withMethod("GET").withPath("/v1/services/[^/]*"))
        .respond(
            json(
                200,
                """
                {"id":"srv-cabcdefghijklmnopqrs","type":"web_service","autoDeploy":"no",
                "branch":"main","serviceDetails":{"url":"https://hello.onrender.example"},
                "dashboardUrl":"https://dashboard.render.example/web/srv"}"""));
    world
        .services
        .when(request().withMethod("GET").withPath("/v1/services/.*/events"))
        .respond(json(200, "[]"));
    renderSays(world, "build_in_progress");
  }

  private static void renderSays(SlipwayServer world, String state) {
    world
        .services
        .when(request().withMethod("GET").withPath("/v1/services/.*/deploys/.*"))
        .withId("deploy")
        .respond(deploy(200, state));
  }

  private static void renderIsLive(SlipwayServer world) {
    world.services.clear("deploy");
    renderSays(world, "live");
  }

  private static org.mockserver.model.HttpResponse deploy(int code, String state) {
    return json(
        code,
        """
        {"id":"dep-cabcdefghijklmnopqrs","commit":{"id":"%s"},"status":"%s",
        "createdAt":"2026-11-21T10:00:00Z","updatedAt":"2026-11-21T10:00:00Z"}"""
            .formatted(SlipwayServer.SHA, state));
  }

  private static org.mockserver.model.HttpResponse json(int code, String body) {
    return response()
        .withStatusCode(code)
        .withHeader("Content-Type", "application/json")
        .withBody(body);
  }
}
