package dev.slipway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.settings.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the documentation of settings against their declarations. */
class DocumentedSettingsTest {
  private static final String HEAD =
      "| variable | in the file | default | what it is |\n|---|---|---|---|\n";

  private static Stream<Setting<?>> settings() {
    return AllSettings.CATALOG.settings().stream();
  }

  @Test
  void the_table_of_all_settings_is_what_the_code_declares() throws Exception {
    String table = HEAD + settings().map(DocumentedSettingsTest::row).collect(Collectors.joining());
    String documentation = Files.readString(Path.of("docs/configuration.md"));

    assertThat(table(documentation))
        .as("Paste this as the table of docs/configuration.md:%n%n%s", table)
        .isEqualTo(table);
  }

  private static String row(Setting<?> setting) {
    return "| `%s` | `%s` | %s | %s |%n"
        .formatted(
            setting.variable(), setting.key(), setting.documentedDefault(), setting.purpose());
  }

  /** From the heading of the settings to the empty line behind its table. */
  private static String table(String documentation) {
    int start = documentation.indexOf("\n| ", documentation.indexOf("## All settings")) + 1;
    return documentation.substring(start, documentation.indexOf("\n\n", start) + 1);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void every_setting_stands_in_the_example(Setting<?> setting) throws Exception {
    String last = setting.key().substring(setting.key().lastIndexOf('.') + 1);

    assertThat(Files.readString(Path.of("docs/slipway.example.yml"))).contains(last + ":");
  }
}
