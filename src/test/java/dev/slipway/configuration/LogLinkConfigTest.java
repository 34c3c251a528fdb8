package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.file;
import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogLinkConfigTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"on,true", "off,false", "OFF,false", "true,true", "false,false"})
  void log_links_can_be_switched_off(String word, boolean links) throws IOException {
    assertThat(good(folder, "SLIPWAY_LOG_LINKS", word).logLinks().isEnabled()).isEqualTo(links);
    file(folder, "log-link:\n  enabled: " + word);
    assertThat(good(folder).logLinks().isEnabled()).isEqualTo(links);
  }

  @Test
  void log_links_are_on_and_nothing_but_on_and_off_is_understood() {
    assertThat(good(folder).logLinks().isEnabled()).isTrue();
    assertThat(problems(folder, "SLIPWAY_LOG_LINKS", "api-token"))
        .singleElement()
        .asString()
        .contains("SLIPWAY_LOG_LINKS")
        .contains("must be on or off");
  }

  @Test
  void without_links_nobody_is_warned_where_they_lead() {
    assertThat(good(folder, "SLIPWAY_LOG_LINKS", "off").warnings())
        .noneMatch(warning -> warning.contains("SLIPWAY_PUBLIC_URL"));
  }
}
