package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.file;
import static dev.slipway.configuration.LoadedConfiguration.good;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcileConfigTest {
  @TempDir Path folder;

  @Test
  void looking_for_deployments_is_switched_off_in_the_file_too() throws IOException {
    file(folder, "reconcile:\n  every: off");

    assertThat(good(folder).reconcile().every()).isZero();
  }
}
