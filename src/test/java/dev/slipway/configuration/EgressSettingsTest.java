package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.http.HttpsProxy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EgressSettingsTest {
  @TempDir Path folder;

  @Test
  void the_way_out_is_checked_and_its_password_is_hidden() {
    Configuration configuration =
        good(
            folder,
            "HTTPS_PROXY",
            "http://robot:hush-hush-1@proxy:3128",
            "NO_PROXY",
            "a.example, .b");

    assertThat(configuration.egress().proxy())
        .isEqualTo(
            new HttpsProxy("proxy", 3128, "robot", "hush-hush-1", List.of("a.example", ".b")));
    assertThat(configuration.secrets()).anyMatch(secret -> secret.reveal().equals("hush-hush-1"));
    assertThat(
            problems(folder, "HTTPS_PROXY", "hush-hush-1@proxy", "SLIPWAY_CA_FILE", "nothing.pem"))
        .anyMatch(p -> p.startsWith("HTTPS_PROXY: must be an address such as http://proxy"))
        .anyMatch(p -> p.matches("SLIPWAY_CA_FILE: names .*nothing.pem, which cannot be read"))
        .noneMatch(p -> p.contains("hush"));
  }
}
