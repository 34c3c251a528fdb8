package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /prometheus} after some deployments, and through a restart. */
class MetricsIT {
  private static final Pattern LINE =
      Pattern.compile("(\\w+)(\\{\\w+=\"[^\"]*\"(,\\w+=\"[^\"]*\")*})? -?\\d+(\\.\\d+)?(E-?\\d+)?");

  @TempDir Path folder;
  private final AtomicBoolean isDown = new AtomicBoolean();

  private static String figures(SlipwayServer world) {
    return world.get(world.at("/prometheus")).body();
  }

  private static void await(SlipwayServer world, String... lines) {
    Await.until(
        () -> figures(world), () -> figures(world).lines().toList().containsAll(List.of(lines)));
  }

  @Test
  void figures_tell_what_came_how_it_ended_and_what_waits() throws Exception {
    try (SlipwayServer world =
        new SlipwayServer(folder).set("DEPLOY_CMD", "test $SLIPWAY_DEPLOYMENT_ID = 42")) {
      world.services.clear(request().withMethod("POST"));
      world
          .services
          .when(request().withMethod("POST"))
          .respond(_ -> isDown.get() ? response().withStatusCode(503) : taken());
      // Whether a post that was answered 503 is there all the same
      world
          .services
          .when(request().withMethod("GET").withPath("/repos/.*/statuses"))
          .respond(_ -> response().withStatusCode(200).withBody("[]"));
      world.start();
      assertThat(figures(world))
          .contains("slipway_runs_ended_total{end=\"succeeded\"} 0.0\n")
          .doesNotContain("slipway_last_delivery", "slipway_github_rate_limit");
      world.deliver(SlipwayServer.event());
      world.deliver(SlipwayServer.event(43, "review", SlipwayServer.SHA));
      world.deliver(
          "ping",
          "{\"zen\":\"Keep it.\",\"hook\":{\"config\":{}}}".getBytes(StandardCharsets.UTF_8));
      await(
          world,
          "slipway_runs_ended_total{end=\"succeeded\"} 1.0",
          "slipway_runs_ended_total{end=\"failed\"} 1.0",
          "slipway_deliveries_total{decision=\"accepted\",source=\"webhook\"} 2.0",
          "slipway_deliveries_total{decision=\"ping\",source=\"webhook\"} 1.0",
          "slipway_runs{state=\"queued\"} 0.0",
          "slipway_runs{state=\"running\"} 0.0",
          "slipway_statuses_waiting{host=\"127.0.0.1\"} 0.0",
          "slipway_statuses_waiting_age_seconds{host=\"127.0.0.1\"} 0.0",
          "slipway_deployments_missed{host=\"127.0.0.1\"} 0.0",
          "slipway_github_rate_limit{host=\"127.0.0.1\"} 5000.0",
          "slipway_github_rate_limit_remaining{host=\"127.0.0.1\"} 4321.0");

      assertThat(figures(world))
          .contains(
              "slipway_webhook_answer_seconds_bucket{outcome=\"accepted\",le=\"+Inf\"} 2\n",
              "slipway_webhook_answer_seconds_count{outcome=\"accepted\"} 2\n",
              "slipway_webhook_answer_seconds_count{outcome=\"ignored\"} 1\n",
              "slipway_webhook_answer_seconds_count{outcome=\"rejected\"} 0\n");

      isDown.set(true);
      world.deliver(SlipwayServer.event(44, "staging", SlipwayServer.SHA));
      await(world, "slipway_statuses_waiting{host=\"127.0.0.1\"} 2.0");
      isDown.set(false);
      world.stop();
      world.start();

      await(
          world,
          "slipway_runs_ended_total{end=\"failed\"} 2.0",
          "slipway_deliveries_total{decision=\"accepted\",source=\"webhook\"} 3.0",
          "slipway_statuses_waiting{host=\"127.0.0.1\"} 0.0");
      assertThat(figures(world))
          .containsPattern(
              "slipway_webhook_secret_last_used_timestamp_seconds\\{secret=\"current\"} 1\\.\\d+E9\n");
      assertWellFormed(figures(world));
      assertDocumented(figures(world));
    }
  }

  private static org.mockserver.model.HttpResponse taken() {
    return response("{\"id\":900}")
        .withStatusCode(201)
        .withHeader("X-RateLimit-Limit", "5000")
        .withHeader("X-RateLimit-Remaining", "4321");
  }

  private static void assertWellFormed(String figures) {
    assertThat(figures)
        .endsWith("\n")
        .contains("slipway_last_delivery_timestamp_seconds{host=\"127.0.0.1\"} 1.");
    assertThat(figures.lines())
        .allMatch(line -> line.startsWith("# ") || LINE.matcher(line).matches());
    assertThat(figures)
        .doesNotContain("octo", "hello", "production", "github.com", SlipwayServer.SHA);
  }

  private static void assertDocumented(String figures) throws Exception {
    String documentation = Files.readString(Path.of("docs/operations.md"));
    Matcher names = Pattern.compile("(?m)^# TYPE (\\w+) ").matcher(figures);
    assertThat(names.results().map(found -> "`" + found.group(1)))
        .hasSizeGreaterThanOrEqualTo(8)
        .allMatch(documentation::contains);
  }
}
