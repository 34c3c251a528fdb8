package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.github.AppCredential;
import dev.slipway.github.AppKeys;
import dev.slipway.secret.Redactor;
import dev.slipway.store.PostLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GithubSettingsTest {
  @TempDir Path folder;

  @Test
  void an_enterprise_address_without_its_path_is_warned_of() {
    assertThat(good(folder, "GITHUB_API_URL", "https://git.example.com").warnings())
        .anyMatch(warning -> warning.contains("/api/v3") && warning.contains("git.example.com"));
    for (String right :
        List.of(
            "https://git.example.com/api/v3",
            "https://git.example.com/api/v3/",
            "https://api.github.com",
            "https://api.octo.ghe.com")) {
      assertThat(good(folder, "GITHUB_API_URL", right).warnings())
          .as(right)
          .noneMatch(warning -> warning.contains("/api/v3"));
    }
  }

  @Test
  void the_version_of_githubs_api_can_be_changed() {
    assertThat(good(folder, "PORT", "9001").github().apiVersion()).isEqualTo("2022-11-28");
    assertThat(good(folder, "GITHUB_API_VERSION", "2028-01-31").github().apiVersion())
        .isEqualTo("2028-01-31");
    assertThat(problems(folder, "GITHUB_API_VERSION", "v3"))
        .singleElement()
        .asString()
        .startsWith("GITHUB_API_VERSION: must be a date");
  }

  @Test
  void the_pace_of_statuses_is_githubs_or_what_is_set() {
    assertThat(good(folder, "PORT", "9001").githubHosts().getFirst().postLimits())
        .isEqualTo(new PostLimits(80, 500, Duration.ofSeconds(1)));
    assertThat(
            good(folder, "GITHUB_CONTENT_PER_MINUTE", "0", "GITHUB_CONTENT_PER_HOUR", "9")
                .githubHosts()
                .getFirst()
                .postLimits())
        .isEqualTo(new PostLimits(0, 9));
    assertThat(problems(folder, "GITHUB_CONTENT_PER_MINUTE", "-1"))
        .singleElement()
        .asString()
        .startsWith("GITHUB_CONTENT_PER_MINUTE: \"-1\"");
  }

  @Test
  void a_github_app_is_an_id_and_a_key_from_the_variable_or_a_file() throws Exception {
    String key = AppKeys.pkcs1(AppKeys.PAIR);
    Path file = Files.writeString(folder.resolve("app.pem"), key);
    Configuration named =
        good(
            folder,
            "GITHUB_APP_ID",
            "12345",
            "GITHUB_APP_PRIVATE_KEY",
            key.replace("\n", "\\n"),
            "GITHUB_APP_INSTALLATION_ID",
            "67");
    assertThat(named.github().app())
        .returns("12345", AppCredential::issuer)
        .returns(67L, AppCredential::installation);
    assertThat(named.github().hasCredential()).isTrue();
    assertThat(named.warnings()).noneMatch(warning -> warning.contains("GITHUB_TOKEN"));
    assertThat(new Redactor(named.secrets()).redact(key).text())
        .doesNotContain(key.lines().toList().get(3));
    assertThat(
            good(
                    folder,
                    "GITHUB_APP_ID",
                    "Iv23liAbcDef",
                    "GITHUB_APP_PRIVATE_KEY_FILE",
                    file.toString())
                .github()
                .app())
        .returns("Iv23liAbcDef", AppCredential::issuer)
        .returns(null, AppCredential::installation);
  }

  @Test
  void what_is_wrong_with_a_github_app_is_named() {
    String key = AppKeys.pkcs1(AppKeys.PAIR);
    assertThat(problems(folder, "GITHUB_APP_ID", "12345", "GITHUB_APP_PRIVATE_KEY", "no key"))
        .singleElement()
        .asString()
        .startsWith("GITHUB_APP_PRIVATE_KEY: is no private key");
    assertThat(problems(folder, "GITHUB_APP_ID", "my app", "GITHUB_APP_PRIVATE_KEY", key))
        .singleElement()
        .asString()
        .startsWith("GITHUB_APP_ID: \"my app\" must be the app id");
    assertThat(problems(folder, "GITHUB_APP_ID", "12345"))
        .singleElement()
        .asString()
        .contains("GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY_FILE");
    assertThat(problems(folder, "GITHUB_APP_PRIVATE_KEY", key, "GITHUB_APP_INSTALLATION_ID", "0"))
        .hasSize(3)
        .anyMatch(
            problem -> problem.startsWith("GITHUB_APP_PRIVATE_KEY: is set, but GITHUB_APP_ID"))
        .anyMatch(problem -> problem.startsWith("GITHUB_APP_INSTALLATION_ID: \"0\" must be"));
    assertThat(
            problems(
                folder,
                "GITHUB_TOKEN",
                "ghp_0123456789",
                "GITHUB_APP_ID",
                "12345",
                "GITHUB_APP_PRIVATE_KEY",
                key))
        .singleElement()
        .asString()
        .startsWith("GITHUB_TOKEN: is set, and so is a GitHub App");
    assertThat(problems(folder, "GITHUB_APP_CLIENT_ID", "Iv23liAbcDef"))
        .singleElement()
        .asString()
        .contains("GITHUB_APP_ID takes the client id");
  }
}
