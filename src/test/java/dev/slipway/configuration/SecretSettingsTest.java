package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.file;
import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.secret.Secret;
import dev.slipway.targets.command.ShellType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets among the settings: where they come from, and that none is shown. */
class SecretSettingsTest {
  private static final String HOOK = "https://api.render.com/deploy/srv-abc123?key=hush-hush-key";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"GITHUB_TOKEN", "RENDER_API_KEY", "QOVERY_API_TOKEN", "SLIPWAY_API_TOKEN"})
  void a_token_that_no_header_can_carry_is_a_problem(String name) {
    for (String token :
        List.of("hush-hush-hush-hush\n", " hush-hush-hush-hush", "hush-hush\u0000hush-h")) {
      assertThat(problems(folder, name, token))
          .singleElement()
          .asString()
          .startsWith(name + ": begins or ends with a blank")
          .doesNotContain("hush");
    }
    assertThat(problems(folder, name, "hush hush hush hush")).isEmpty();
  }

  @Test
  void what_we_let_people_choose_cannot_be_short() throws Exception {
    assertThat(problems(folder, "SLIPWAY_API_TOKEN", "fifteen-letters"))
        .singleElement()
        .asString()
        .startsWith("SLIPWAY_API_TOKEN: is shorter than 16 characters");
    assertThat(problems(folder, "GITHUB_WEBHOOK_SECRET", "hush"))
        .singleElement()
        .asString()
        .contains("16");
    assertThat(problems(folder, "SLIPWAY_LOG_LINK_SECRET", "hush")).hasSize(1);
    assertThat(problems(folder, "GITHUB_TOKEN", "ghp_short", "RENDER_API_KEY", "rnd_short"))
        .isEmpty();
    file(folder, "github: {webhook-secrets: {other: hush}}");
    assertThat(problems(folder))
        .singleElement()
        .asString()
        .startsWith("github.webhook-secrets.other: is shorter")
        .doesNotContain("hush");
  }

  @Test
  void a_key_is_hidden_even_where_no_target_uses_it() {
    assertThat(good(folder, "QOVERY_API_TOKEN", "qov_of_no_service").secrets())
        .contains(new Secret("qov_of_no_service"));
  }

  @Test
  void what_a_command_is_handed_is_hidden_but_for_what_is_short_or_named_as_shown() {
    Configuration configuration =
        good(
            folder,
            "DEPLOY_CMD",
            "true",
            "DEPLOY_CMD_ENV",
            "DB_URL,AWS_PROFILE,REGION:shown",
            "DB_URL",
            "postgres://app:hunter2hunter2@db/app",
            "AWS_PROFILE",
            "live",
            "REGION",
            "eu-central-1");

    assertThat(configuration.secrets())
        .contains(new Secret("postgres://app:hunter2hunter2@db/app"))
        .doesNotContain(new Secret("live"), new Secret("eu-central-1"));
    assertThat(configuration.warnings())
        .anyMatch(w -> w.startsWith("DEPLOY_CMD_ENV hands AWS_PROFILE"))
        .noneMatch(w -> w.contains("REGION") || w.contains("DB_URL"));
    assertThat(
            ((ShellType.Configured) configuration.routes().getFirst().targets().getLast().target())
                .config()
                .environment())
        .containsOnlyKeys("DB_URL", "AWS_PROFILE", "REGION");
  }

  @Test
  void a_variable_in_a_command_of_the_file_is_hidden() throws Exception {
    file(
        folder,
        """
        data: ${PLACE}
        shell: {command: "deploy --key ${TOP_KEY}"}
        routes:
          - name: web
            chain: [{shell: {command: "deploy --key ${ROUTE_KEY}"}}]
        """);

    assertThat(
            good(
                    folder,
                    "PLACE",
                    "place-of-data",
                    "TOP_KEY",
                    "key-at-the-top",
                    "ROUTE_KEY",
                    "key-of-a-route")
                .secrets())
        .contains(new Secret("key-at-the-top"), new Secret("key-of-a-route"))
        .doesNotContain(new Secret("place-of-data"));
  }

  @Test
  void a_token_in_the_wrong_setting_is_never_printed() throws Exception {
    file(folder, "github: {qov_hushhushhushhush: 1}");
    assertThat(
            String.join(
                "\n",
                problems(
                    folder,
                    "QOVERY_AUTH_SCHEME",
                    "Token qov_hushhushhushhush",
                    "QOVERY_APPLICATION_ID",
                    "qov_hushhushhushhush",
                    "QOVERY_JOB_FORCE_EVENT",
                    "ghp_hushhushhushhush",
                    "RENDER_SERVICE_ID",
                    "hush0hush1hush2hush3",
                    "GITHUB_TOKEN_FILE",
                    "ghp_hushhushhushhush",
                    "DEPLOY_SSH_HOST",
                    "example.com",
                    "DEPLOY_SSH_USER",
                    "deploy",
                    "DEPLOY_SSH_KNOWN_HOSTS_FILE",
                    "known",
                    "DEPLOY_SSH_COMMAND",
                    "true",
                    "DEPLOY_SSH_KEY_FILE",
                    "-----BEGIN OPENSSH PRIVATE KEY-----\nhush",
                    "DEPLOY_CMD_ENV",
                    "hush0hush1hush2hush3",
                    "PORT",
                    "a long hushed value")))
        .contains("QOVERY_AUTH_SCHEME", "GITHUB_TOKEN_FILE", "DEPLOY_SSH_KEY_FILE", "\"a long…\"")
        .doesNotContain("hush");
  }

  @Test
  void files_with_secrets_that_others_may_read_are_warned_of() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "ghp_from_a_file");
    file(folder, "qovery: {api-token: qov_in_the_file_itself}");
    String[] set = {"GITHUB_TOKEN_FILE", token.toString()};
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r-----"));
    Files.setPosixFilePermissions(
        folder.resolve("slipway.yml"), PosixFilePermissions.fromString("rw-------"));
    assertThat(good(folder, set).warnings()).noneMatch(warning -> warning.contains("every user"));

    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(
        folder.resolve("slipway.yml"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(good(folder, set).warnings())
        .anyMatch(w -> w.startsWith("GITHUB_TOKEN_FILE: every user of this machine can read"))
        .anyMatch(w -> w.contains("slipway.yml"));

    file(folder, "qovery: {api-token: \"${ELSEWHERE}\"}");
    assertThat(good(folder, "ELSEWHERE", "qov_elsewhere").warnings())
        .noneMatch(w -> w.contains("every user"));
  }

  @Test
  void a_secret_comes_from_a_file_without_its_line_end() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "ghp_from_a_file\n");

    assertThat(good(folder, "GITHUB_TOKEN_FILE", file.toString()).github().token())
        .isEqualTo(new Secret("ghp_from_a_file"));
    assertThat(problems(folder, "GITHUB_TOKEN_FILE", file.toString(), "GITHUB_TOKEN", "x"))
        .singleElement()
        .asString()
        .contains("GITHUB_TOKEN_FILE");
    assertThat(problems(folder, "GITHUB_TOKEN_FILE", folder.resolve("nothing").toString()))
        .singleElement()
        .asString()
        .contains("nothing");
  }

  @Test
  void settings_never_print_their_secrets() {
    Configuration configuration =
        good(
            folder,
            "GITHUB_TOKEN",
            "ghp_hush_hush_hush",
            "RENDER_DEPLOY_HOOK_URL",
            HOOK,
            "SLIPWAY_DATABASE_PASSWORD",
            "hush-hush-password",
            "SLIPWAY_API_TOKEN",
            "hush-hush-hush-token");

    assertThat(configuration.toString()).doesNotContain("hush", "a secret of good length");
    assertThat(configuration.secrets()).hasSizeGreaterThanOrEqualTo(5);
  }
}
