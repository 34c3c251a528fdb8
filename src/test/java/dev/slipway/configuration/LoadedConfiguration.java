package dev.slipway.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Loads configurations for tests. */
final class LoadedConfiguration {
  private LoadedConfiguration() {}

  /** The configuration with these variables and the webhook secret. */
  static Configuration good(Path folder, String... pairs) {
    return switch (ConfigurationReader.load(environment(pairs), folder)) {
      case Configuration.Loaded.Good(Configuration configuration) -> configuration;
      case Configuration.Loaded.Bad(List<String> problems) ->
          throw new AssertionError(String.join("\n", problems));
    };
  }

  /** What is wrong with these variables and the webhook secret. */
  static List<String> problems(Path folder, String... pairs) {
    return problems(folder, environment(pairs));
  }

  /** What is wrong with these variables alone. */
  static List<String> problems(Path folder, Map<String, String> environment) {
    return switch (ConfigurationReader.load(environment, folder)) {
      case Configuration.Loaded.Good _ -> List.of();
      case Configuration.Loaded.Bad(List<String> problems) -> problems;
    };
  }

  /** Writes the settings file. */
  static void file(Path folder, String yaml) throws IOException {
    Files.writeString(folder.resolve("slipway.yml"), yaml);
  }

  private static Map<String, String> environment(String... pairs) {
    Map<String, String> environment = new HashMap<>();
    environment.put("GITHUB_WEBHOOK_SECRET", "a secret of good length");
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put(pairs[i], pairs[i + 1]);
    }
    return environment;
  }
}
