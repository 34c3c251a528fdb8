package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.file;
import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Route;
import dev.slipway.secret.Secret;
import dev.slipway.webhook.NamedSecret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that is read together. */
class ConfigurationTest {
  private static final String HOOK = "https://api.render.com/deploy/srv-abc123?key=hush-hush-key";

  @TempDir Path folder;

  @Test
  void everything_but_the_secret_has_a_default() {
    Configuration configuration = good(folder);

    assertThat(configuration.server().port()).isEqualTo(8080);
    assertThat(configuration.server().publicUrl()).isEqualTo(URI.create("http://localhost:8080"));
    assertThat(configuration.server().isPublicUrlDefault()).isTrue();
    assertThat(configuration.storage().databaseUrl())
        .isEqualTo("jdbc:sqlite:" + folder.resolve("data").resolve("slipway.db"));
    assertThat(configuration.github().apiUrl()).isEqualTo(URI.create("https://api.github.com"));
    assertThat(configuration.github().token()).isNull();
    assertThat(configuration.access().apiToken()).isNull();
    assertThat(configuration.logLinks().ttl()).isEqualTo(Duration.ofDays(90));
    assertThat(configuration.routes()).isEmpty();
    assertThat(configuration.webhookSecrets())
        .containsExactly(
            new NamedSecret("current", new Secret("a secret of good length"), "github.com"));
    assertThat(configuration.warnings())
        .anyMatch(warning -> warning.contains("SLIPWAY_PUBLIC_URL"))
        .anyMatch(warning -> warning.contains("GITHUB_TOKEN"))
        .anyMatch(warning -> warning.contains("no route"));
  }

  @Test
  void all_problems_are_listed_at_once_and_none_shows_a_secret() {
    List<String> problems =
        problems(
            folder,
            Map.of(
                "PORT", "eighty",
                "SLIPWAY_PUBLIC_URL", "deploy.example.com",
                "RENDER_DEPLOY_HOOK_URL", "https://evil.example/deploy/srv-1?key=hush-hush-key",
                "RENDER_DEPLOY_CLEAR_CACHE", "maybe",
                "RENDER_API_KEY", "rnd_hush_hush_hush",
                "RENDER_SERVICE_ID", "web",
                "QOVERY_APPLICATION_ID", "not-a-uuid",
                "DEPLOY_SSH_HOST", "server",
                "DEPLOY_CMD_TIMEOUT", "soon",
                "DEPLOY_CMD", "true"));

    assertThat(problems)
        .anyMatch(p -> p.startsWith("GITHUB_WEBHOOK_SECRET: "))
        .anyMatch(p -> p.startsWith("PORT: \"eighty\""))
        .anyMatch(p -> p.startsWith("SLIPWAY_PUBLIC_URL: "))
        .anyMatch(p -> p.startsWith("RENDER_DEPLOY_HOOK_URL: "))
        .anyMatch(p -> p.startsWith("RENDER_DEPLOY_CLEAR_CACHE: \"maybe\""))
        .anyMatch(p -> p.startsWith("RENDER_SERVICE_ID: "))
        .anyMatch(p -> p.startsWith("QOVERY_API_TOKEN: "))
        .anyMatch(p -> p.startsWith("DEPLOY_SSH_USER: "))
        .anyMatch(p -> p.startsWith("DEPLOY_SSH_KEY_FILE: "))
        .anyMatch(p -> p.startsWith("DEPLOY_CMD_TIMEOUT: \"soon\""));
    assertThat(String.join("\n", problems)).doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource({
    "DEPLOY_CMD_TIMEOUT, 5x",
    "DEPLOY_CMD_ENV, NOT_SET_ANYWHERE",
    "DEPLOY_SSH_PORT, 0",
    "DEPLOY_SSH_IDLE_TIMEOUT, soon",
    "RENDER_SERVICE_ID, web",
    "RENDER_API_URL, render",
    "RENDER_DEPLOY_CLEAR_CACHE, maybe",
    "QOVERY_AUTH_SCHEME, basic",
    "QOVERY_API_URL, qovery",
    "QOVERY_JOB_FORCE_EVENT, BEGIN",
    "SLIPWAY_QUEUE, newest",
    "SLIPWAY_ALLOW_WORKFLOWS, perhaps",
    "SLIPWAY_NO_PROGRESS_TIMEOUT, never"
  })
  void a_wrong_value_is_a_problem_even_where_no_target_uses_it(String name, String value) {
    assertThat(problems(folder, name, value)).singleElement().asString().startsWith(name + ": ");
  }

  @ParameterizedTest
  @CsvSource({
    "SLIPWAY_PUBLIC_UR,SLIPWAY_PUBLIC_URL",
    "DEPLOY_CMD_TIMOUT,DEPLOY_CMD_TIMEOUT",
    "RENDER_API_KEYS,RENDER_API_KEY",
    "QOVERY_TOKEN_API,",
    "GITHUB_TOKEM,GITHUB_TOKEN"
  })
  void a_misspelt_variable_is_found(String written, String meant) {
    List<String> problems = problems(folder, written, "x");
    if (meant == null) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems)
          .singleElement()
          .asString()
          .startsWith(written)
          .contains("did you mean " + meant + "?");
    }
  }

  @Test
  void what_render_qovery_and_github_set_where_they_run_us_is_no_problem() {
    good(
        folder,
        "RENDER",
        "true",
        "RENDER_SERVICE_ID",
        "srv-abc123",
        "RENDER_EXTERNAL_URL",
        "https://x.onrender.com",
        "RENDER_GIT_COMMIT",
        "abc",
        "QOVERY_PROJECT_ID",
        "x",
        "GITHUB_SHA",
        "x",
        "SLIPWAY_SHA",
        "of a command that starts us");
  }

  @Test
  void the_environment_wins_over_the_file() throws Exception {
    file(folder, "port: 9000\npublic-url: https://a.example\n");
    Configuration configuration = good(folder, "PORT", "9001");
    assertThat(configuration.server().port()).isEqualTo(9001);
    assertThat(configuration.server().publicUrl()).isEqualTo(URI.create("https://a.example"));
  }

  @Test
  void a_file_that_was_named_has_to_be_there() {
    assertThat(problems(folder, "SLIPWAY_CONFIG", "gone.yml"))
        .singleElement()
        .asString()
        .startsWith("SLIPWAY_CONFIG: ")
        .contains("gone.yml");
  }

  @Test
  void broken_yaml_is_told_with_its_line() throws Exception {
    file(folder, "port: 9000\nport: 9001\n");
    assertThat(problems(folder)).singleElement().asString().contains("line 2").contains("port");
  }

  @Test
  void the_example_is_a_configuration_that_works() throws Exception {
    Files.copy(Path.of("docs/slipway.example.yml"), folder.resolve("slipway.yml"));
    Configuration configuration =
        switch (ConfigurationReader.load(
            Map.ofEntries(
                Map.entry("EXAMPLE_API_TOKEN", "token-1234567890"),
                Map.entry("EXAMPLE_METRICS_TOKEN", "metrics-token-1234"),
                Map.entry("EXAMPLE_WEBHOOK_SECRET", "webhook-secret-1234"),
                Map.entry("EXAMPLE_OLD_SECRET", "webhook-secret-0000"),
                Map.entry("EXAMPLE_ORG_SECRET", "webhook-secret-9999"),
                Map.entry("EXAMPLE_GITHUB_TOKEN", "ghp_1234"),
                Map.entry("EXAMPLE_DB_PASSWORD", "db-1234"),
                Map.entry("EXAMPLE_LINK_SECRET", "link-12345678901"),
                Map.entry("EXAMPLE_OLD_LINK_SECRET", "link-09876543210"),
                Map.entry("EXAMPLE_RENDER_KEY", "rnd_1234"),
                Map.entry("EXAMPLE_RENDER_WEBHOOK_SECRET", "whsec_c2VjcmV0"),
                Map.entry("EXAMPLE_QOVERY_TOKEN", "qov_1234"),
                Map.entry("EXAMPLE_NOTIFY_SECRET", "notify-1234567890"),
                Map.entry("EXAMPLE_SLACK_URL", "https://hooks.slack.com/services/T0/B0/1"),
                Map.entry("EXAMPLE_RENDER_HOOK", HOOK)),
            folder)) {
          case Configuration.Loaded.Good(Configuration good) -> good;
          case Configuration.Loaded.Bad(List<String> problems) ->
              throw new AssertionError(String.join("\n", problems));
        };

    assertThat(configuration.routes())
        .extracting(RouteConfig::route)
        .extracting(Route::name)
        .containsExactly(
            "web-production", "web-migrations", "web-previews", "api-production", "api-migrations");
    assertThat(configuration.routes().getLast().route().chain()).containsExactly("migrate");
    assertThat(configuration.routes().getLast().route().sharedQueueKey())
        .isEqualTo("qovery-production");
    assertThat(configuration.webhookSecrets())
        .extracting(NamedSecret::name)
        .containsExactly("current", "previous", "organisation");
  }
}
