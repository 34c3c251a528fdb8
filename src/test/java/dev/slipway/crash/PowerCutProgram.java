package dev.slipway.crash;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The long form of {@link PowerCutIT}: many rounds, each with a seed and a disk of its own. See
 * docs/reliability.md.
 */
final class PowerCutProgram {
  private PowerCutProgram() {}

  /**
   * Does the rounds and prints a row for each.
   *
   * @param arguments {@code rounds= cuts= deployments= seed=}, each of which may be left out; the
   *     seed counts up from round to round
   */
  public static void main(String[] arguments) throws Exception {
    Optional<String> objection = Disk.objection();
    if (objection.isPresent()) {
      System.out.println("Nothing was cut: " + objection.get());
      System.exit(2);
    }
    Map<String, Integer> options = new TreeMap<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      options.put(parts[0], Integer.parseInt(parts[1]));
    }
    boolean held = true;
    for (int round = 0; round < options.getOrDefault("rounds", 1); round++) {
      PowerCuts.Plan plan =
          new PowerCuts.Plan(
              options.getOrDefault("cuts", 10),
              options.getOrDefault("deployments", 12),
              (long) options.getOrDefault("seed", 1) + round);
      Path folder = Files.createTempDirectory("slipway-power-" + plan.seed() + "-");
      try (PowerCuts cuts = new PowerCuts(folder, plan)) {
        PowerCuts.Report report = cuts.run(Duration.ofMinutes(5));
        held &= report.violations().isEmpty();
        System.out.println(report + (report.violations().isEmpty() ? "" : "\nsee " + folder));
      }
    }
    System.out.println(held ? "No violations." : "Promises were broken.");
    System.exit(held ? 0 : 1);
  }
}
