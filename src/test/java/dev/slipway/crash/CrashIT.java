package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link CrashProgram}: a few dozen kills, each time at other moments. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Order(1) // takes long
class CrashIT {
  @TempDir Path folder;

  private Map<String, Object> holds(StateStore ground, Crashes.Plan plan) throws Exception {
    try (Crashes crashes = new Crashes(folder, ground, plan)) {
      Crashes.Report report = crashes.run(Duration.ofMinutes(5));
      System.out.println(report);
      assertThat(report.violations()).as("seed " + plan.seed()).isEmpty();
      return report.figures();
    }
  }

  @Test
  void sqlite_loses_nothing_and_does_nothing_twice() throws Exception {
    Map<String, Object> figures =
        holds(
            StateStore.sqlite(),
            new Crashes.Plan(
                16,
                6,
                System.nanoTime(),
                "",
                Crashes.Breaks.NOTHING
                    .withSteps(0.4)
                    .withStops(0.2)
                    .withHolds(0.2, 2000)
                    .withStrangers(100)
                    .withSecondHook()
                    .withHistory(50_000)
                    .withSlowGithub(500)));

    assertThat(figures).containsEntry("stopped", 3).containsEntry("writer held", 3);
  }

  @Test
  void postgresql_loses_nothing_and_does_nothing_twice() throws Exception {
    Map<String, Object> figures =
        holds(
            new SilentNetwork(StateStore.postgresql(TestDatabases.POSTGRESQL.url())),
            new Crashes.Plan(
                8,
                6,
                System.nanoTime(),
                "all",
                Crashes.Breaks.NOTHING.withStops(0.2).withHolds(0.2, 2000).withFailures(0.25)));

    assertThat(figures)
        .containsEntry("stopped", 1)
        .containsEntry("writer held", 2)
        .containsEntry("ground failed", 2);
  }
}
