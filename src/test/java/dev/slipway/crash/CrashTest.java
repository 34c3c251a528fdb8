package dev.slipway.crash;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The long form: many rounds, each with a seed, a database and deployments of its own, so that it
 * can be done in pieces and the pieces added up. See docs/reliability.md.
 */
final class CrashTest {
  private CrashTest() {}

  /**
   * Does the rounds and prints a row for each.
   *
   * @param arguments {@code rounds= kills= deployments= seed= faults= database=}, each of which may
   *     be left out; the seed counts up from round to round
   */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new TreeMap<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      options.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
    int rounds = number(options, "rounds", 1);
    int seed = number(options, "seed", 1);
    String url = options.getOrDefault("database", "");
    List<Crashes.Report> reports = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Crashes.Plan plan =
          new Crashes.Plan(
              number(options, "kills", 50),
              number(options, "deployments", 20),
              (long) seed + round,
              url,
              Double.parseDouble(options.getOrDefault("faults", "0")),
              url.isEmpty() ? () -> {} : () -> Lapse.on(url));
      Path folder = Files.createTempDirectory("slipway-crash-" + plan.seed() + "-");
      try (Crashes crashes = new Crashes(folder, plan)) {
        Crashes.Report report = crashes.run(Duration.ofMinutes(10));
        reports.add(report);
        System.out.println(row(report) + (report.violations().isEmpty() ? "" : " " + folder));
        report.violations().forEach(violation -> System.out.println("  " + violation));
      }
    }
    boolean held = reports.stream().allMatch(report -> report.violations().isEmpty());
    System.out.println(held ? "No violations." : "Promises were broken.");
    System.exit(held ? 0 : 1);
  }

  private static int number(Map<String, String> options, String name, int otherwise) {
    return Integer.parseInt(options.getOrDefault(name, String.valueOf(otherwise)));
  }

  private static String row(Crashes.Report report) {
    return "| "
        + String.join(" | ", report.figures().entrySet().stream().map(e -> e.toString()).toList())
        + " |";
  }
}
