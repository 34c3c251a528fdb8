package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link PowerCutProgram}: after the first answer, and once more in a burst. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PowerCutIT {
  @TempDir Path folder;

  @Test
  void what_was_answered_survives_the_power() throws InterruptedException {
    Optional<String> objection = Disk.objection();
    assumeTrue(objection.isEmpty(), objection.orElse(""));
    PowerCuts.Plan plan = new PowerCuts.Plan(2, 6, System.nanoTime());
    try (PowerCuts cuts = new PowerCuts(folder, plan)) {
      PowerCuts.Report report = cuts.run(Duration.ofMinutes(3));
      System.out.println(report);
      assertThat(report.violations()).as("seed " + plan.seed()).isEmpty();
    }
  }
}
