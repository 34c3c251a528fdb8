package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.PostLimits;
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
    assertThat(good(folder, "PORT", "9001").postLimits())
        .isEqualTo(new PostLimits(80, 500, Duration.ofSeconds(1)));
    assertThat(
            good(folder, "GITHUB_CONTENT_PER_MINUTE", "0", "GITHUB_CONTENT_PER_HOUR", "9")
                .postLimits())
        .isEqualTo(new PostLimits(0, 9));
    assertThat(problems(folder, "GITHUB_CONTENT_PER_MINUTE", "-1"))
        .singleElement()
        .asString()
        .startsWith("GITHUB_CONTENT_PER_MINUTE: \"-1\"");
  }
}
