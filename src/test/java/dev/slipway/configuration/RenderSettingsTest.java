package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.file;
import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Render's settings as they are read with all others. */
class RenderSettingsTest {
  private static final String HOOK = "https://api.render.com/deploy/srv-abc123?key=hush-hush-key";

  @TempDir Path folder;

  @Test
  void a_blueprint_hook_stops_the_start() {
    assertThat(
            problems(
                folder,
                "RENDER_DEPLOY_HOOK_URL",
                "https://api.render.com/deploy/exs-abc123?key=k12345"))
        .singleElement()
        .asString()
        .contains("RENDER_DEPLOY_HOOK_URL")
        .containsIgnoringCase("blueprint")
        .doesNotContain("k12345");
  }

  @Test
  void a_hook_and_an_api_of_two_services_are_warned_of() {
    assertThat(
            good(
                    folder,
                    "RENDER_DEPLOY_HOOK_URL",
                    HOOK,
                    "RENDER_API_KEY",
                    "rnd_0123456789",
                    "RENDER_SERVICE_ID",
                    "srv-other")
                .warnings())
        .contains(
            "route \"default\" deploys srv-abc123 by its hook and srv-other by the API: set"
                + " RENDER_DEPLOY_HOOK_URL and RENDER_SERVICE_ID of one service");
    assertThat(
            good(
                    folder,
                    "RENDER_DEPLOY_HOOK_URL",
                    HOOK,
                    "RENDER_API_KEY",
                    "rnd_0123456789",
                    "RENDER_SERVICE_ID",
                    "srv-abc123")
                .warnings())
        .noneMatch(warning -> warning.contains("by its hook"));
  }

  @Test
  void a_cache_that_a_hook_cannot_clear_is_warned_of() {
    assertThat(
            good(
                    folder,
                    "RENDER_DEPLOY_HOOK_URL",
                    HOOK,
                    "RENDER_API_KEY",
                    "rnd_0123456789",
                    "RENDER_SERVICE_ID",
                    "srv-abc123",
                    "RENDER_DEPLOY_CLEAR_CACHE",
                    "clear")
                .warnings())
        .anyMatch(
            warning ->
                warning.startsWith(
                    "route \"default\": RENDER_DEPLOY_CLEAR_CACHE has no effect while"));
    assertThat(
            good(folder, "RENDER_DEPLOY_HOOK_URL", HOOK, "RENDER_DEPLOY_CLEAR_CACHE", "true")
                .warnings())
        .anyMatch(warning -> warning.startsWith("RENDER_DEPLOY_CLEAR_CACHE has no effect: "));
    assertThat(
            good(folder, "RENDER_DEPLOY_HOOK_URL", HOOK, "RENDER_DEPLOY_CLEAR_CACHE", "false")
                .warnings())
        .noneMatch(warning -> warning.contains("CLEAR_CACHE"));
  }

  @Test
  void a_job_beside_other_targets_is_warned_of() {
    String[] job = {
      "RENDER_API_KEY",
      "rnd_0123456789",
      "RENDER_SERVICE_ID",
      "srv-abc",
      "RENDER_JOB_COMMAND",
      "true"
    };
    assertThat(good(folder, job).warnings())
        .contains(
            "route \"default\" runs a Render job in a chain with other targets, of which only one"
                + " is run: give the job a route of its own, such as for the task"
                + " deploy:migrations");
  }

  @Test
  void a_job_in_a_route_of_its_own_is_not() throws Exception {
    file(
        folder,
        """
        routes:
          - name: migrations
            match: {tasks: ["deploy:migrations"]}
            chain:
              - render-job: {service-id: srv-abc, command: bin/migrate, api-key: "${KEY}"}
        """);

    Configuration configuration = good(folder, "KEY", "rnd_0123456789");

    assertThat(configuration.warnings()).noneMatch(warning -> warning.contains("Render job"));
    assertThat(configuration.routes().getFirst().targets().getFirst().isConfigured()).isTrue();
  }
}
