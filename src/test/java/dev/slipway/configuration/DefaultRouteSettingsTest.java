package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.AttemptLimits;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.targets.command.ShellConfig;
import dev.slipway.targets.command.ShellType;
import dev.slipway.targets.render.ClearCache;
import dev.slipway.targets.render.RenderApiType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultRouteSettingsTest {
  private static final String HOOK = "https://api.render.com/deploy/srv-abc123?key=hush-hush-key";

  @TempDir Path folder;

  @Test
  void the_variables_of_the_seed_make_the_default_route() {
    Configuration configuration =
        good(
            folder,
            "RENDER_DEPLOY_HOOK_URL",
            HOOK,
            "RENDER_API_KEY",
            "rnd_0123456789",
            "RENDER_SERVICE_ID",
            "srv-abc123",
            "RENDER_DEPLOY_CLEAR_CACHE",
            "true",
            "DEPLOY_CMD",
            "make deploy",
            "SLIPWAY_REPOSITORIES",
            "acme/*, other/app");

    RouteConfig route = configuration.routes().getFirst();
    assertThat(route.route().name()).isEqualTo("default");
    assertThat(route.route().match().patterns(RouteMatch.Part.REPOSITORIES))
        .containsExactly("acme/*", "other/app");
    assertThat(route.route().chain()).containsExactly("render-hook", "render-api", "shell");
    assertThat(route.targets())
        .extracting(RouteConfig.Entry::name)
        .containsExactly(
            "render-hook",
            "render-api",
            "render-job",
            "qovery-application",
            "qovery-job",
            "qovery-container",
            "qovery-helm",
            "http",
            "ssh",
            "shell");
    assertThat(route.targets().get(1).target())
        .isInstanceOfSatisfying(
            RenderApiType.Configured.class,
            api -> assertThat(api.config().clearCache()).isEqualTo(ClearCache.CLEAR));
    assertThat(route.targets().get(3).target())
        .isEqualTo(new ConfiguredTarget.Missing("QOVERY_APPLICATION_ID is not set"));
    ShellConfig shell = ((ShellType.Configured) route.targets().getLast().target()).config();
    assertThat(shell.timeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(shell.idleTimeout()).isEqualTo(Duration.ofMinutes(10));
    // To look for it takes its place: one that is not there never comes
    assertThat(shell.limits())
        .isEqualTo(
            new AttemptLimits(
                Duration.ofMinutes(5),
                Duration.ZERO,
                Duration.ofMinutes(15),
                Duration.ofMinutes(31)));
  }

  @Test
  void the_default_route_is_one_service_in_one_queue() {
    Route route = good(folder, "DEPLOY_CMD", "true").routes().getFirst().route();

    assertThat(route.match().patterns(RouteMatch.Part.ENVIRONMENTS)).containsExactly("production");
    assertThat(route.sharedQueueKey()).isEqualTo("default");
  }

  @Test
  void the_default_route_can_take_more_and_less_in_other_queues() {
    Route route =
        good(
                folder,
                "DEPLOY_CMD",
                "true",
                "SLIPWAY_ENVIRONMENTS",
                "*",
                "SLIPWAY_REFS",
                "main, release/*",
                "SLIPWAY_CREATORS",
                "mia",
                "SLIPWAY_QUEUE_KEY",
                "environment")
            .routes()
            .getFirst()
            .route();

    assertThat(route.match().patterns(RouteMatch.Part.ENVIRONMENTS)).containsExactly("*");
    assertThat(route.match().patterns(RouteMatch.Part.REFS)).containsExactly("main", "release/*");
    assertThat(route.match().patterns(RouteMatch.Part.CREATORS)).containsExactly("mia");
    assertThat(route.sharedQueueKey()).isNull();
    assertThat(
            good(folder, "DEPLOY_CMD", "true", "SLIPWAY_QUEUE_KEY", "qovery")
                .routes()
                .getFirst()
                .route())
        .extracting(Route::sharedQueueKey)
        .isEqualTo("qovery");
  }

  @Test
  void the_queue_of_the_default_route_is_set_by_variables() {
    assertThat(good(folder, "DEPLOY_CMD", "true").routes().getLast().route().queuePolicy())
        .isEqualTo(QueuePolicy.LATEST);
    assertThat(
            good(folder, "DEPLOY_CMD", "true", "SLIPWAY_CANCEL_RUNNING", "true")
                .routes()
                .getLast()
                .route()
                .queuePolicy())
        .isEqualTo(new QueuePolicy(QueuePolicy.Mode.LATEST, true, false));
    assertThat(
            good(
                    folder,
                    "DEPLOY_CMD",
                    "true",
                    "SLIPWAY_QUEUE",
                    "all",
                    "SLIPWAY_SKIP_OLDER_COMMITS",
                    "true")
                .routes()
                .getLast()
                .route()
                .queuePolicy())
        .isEqualTo(new QueuePolicy(QueuePolicy.Mode.ALL, false, true));
  }

  @Test
  void a_queue_that_makes_no_sense_is_a_problem() {
    assertThat(
            problems(
                folder,
                Map.of(
                    "GITHUB_WEBHOOK_SECRET",
                    "a secret of good length",
                    "DEPLOY_CMD",
                    "true",
                    "SLIPWAY_QUEUE",
                    "newest")))
        .singleElement()
        .isEqualTo("SLIPWAY_QUEUE: \"newest\" must be one of latest, all, reject");
    assertThat(
            problems(
                folder,
                Map.of(
                    "GITHUB_WEBHOOK_SECRET",
                    "a secret of good length",
                    "DEPLOY_CMD",
                    "true",
                    "SLIPWAY_QUEUE",
                    "all",
                    "SLIPWAY_CANCEL_RUNNING",
                    "true")))
        .singleElement()
        .asString()
        .startsWith("SLIPWAY_CANCEL_RUNNING: is true")
        .contains("\"latest\"", "\"all\"");
  }
}
