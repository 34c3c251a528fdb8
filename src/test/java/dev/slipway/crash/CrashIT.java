package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link CrashTest}: a few dozen kills, each time at other moments. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CrashIT {
  @TempDir Path folder;

  private void holds(Ground ground, Crashes.Plan plan) throws Exception {
    try (Crashes crashes = new Crashes(folder, ground, plan)) {
      Crashes.Report report = crashes.run(Duration.ofSeconds(90));
      System.out.println(report);
      assertThat(report.violations()).as("seed " + plan.seed()).isEmpty();
    }
  }

  @Test
  void sqlite_loses_nothing_and_does_nothing_twice() throws Exception {
    holds(
        Ground.sqlite(),
        new Crashes.Plan(18, 6, System.nanoTime(), "", new Crashes.Breaks(0.3, 0, 0)));
  }

  @Test
  void postgresql_loses_nothing_and_does_nothing_twice() throws Exception {
    Ground ground = Ground.postgresql(TestDatabases.POSTGRESQL.url());
    holds(ground, new Crashes.Plan(8, 6, System.nanoTime(), "queue", new Crashes.Breaks(0, 0, 0)));
  }
}
