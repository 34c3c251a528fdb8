package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageConfigTest {
  @TempDir Path folder;

  @Test
  void what_github_may_redeliver_is_kept_for_as_long_as_that() {
    for (String name : List.of("SLIPWAY_KEEP_DELIVERIES", "SLIPWAY_KEEP_DEPLOYMENTS")) {
      assertThat(
              problems(folder, Map.of("GITHUB_WEBHOOK_SECRET", "0123456789abcdef", name, "191h")))
          .containsExactly(name + ": must be at least 8d: GitHub redelivers for 7 days");
      assertThat(problems(folder, Map.of("GITHUB_WEBHOOK_SECRET", "0123456789abcdef", name, "8d")))
          .isEmpty();
    }
  }
}
