package dev.slipway.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * The long form: many rounds, each with a seed, a database and deployments of its own, so that it
 * can be done in pieces and the pieces added up. See docs/reliability.md.
 */
final class CrashProgram {
  private final Map<String, String> options;

  private CrashProgram(Map<String, String> options) {
    this.options = options;
  }

  /**
   * Does the rounds and prints a row for each.
   *
   * @param arguments {@code rounds= kills= deployments= seed= queue= steps= faults= failures=
   *     stops= holds= hold-millis= strangers= second-hook=yes history= github-slow= database=
   *     at-once=}, each of which may be left out; the seed counts up from round to round
   */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new TreeMap<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      options.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
    boolean held = new CrashProgram(options).rounds();
    System.out.println(held ? "No violations." : "Promises were broken.");
    System.exit(held ? 0 : 1);
  }

  private boolean rounds() throws InterruptedException, ExecutionException, IOException {
    StepChoice steps =
        new StepChoice(
            Files.createTempFile("slipway-steps", ""), share("steps"), number("seed", 1));
    boolean held = true;
    boolean first = true;
    try (ExecutorService threads = Executors.newFixedThreadPool(number("at-once", 1))) {
      List<Future<Crashes.Report>> reports = new ArrayList<>();
      for (int round = 0; round < number("rounds", 1); round++) {
        long seed = (long) number("seed", 1) + round;
        reports.add(threads.submit(() -> round(seed, steps)));
      }
      for (Future<Crashes.Report> report : reports) {
        Crashes.Report done = report.get();
        if (first) {
          System.out.println(row(done.figures().keySet().stream().toList()));
          System.out.println(row(done.figures().keySet().stream().map(_ -> "---").toList()));
          first = false;
        }
        System.out.println(row(List.copyOf(done.figures().values())));
        done.violations().forEach(violation -> System.out.println("  " + violation));
        held &= done.violations().isEmpty();
      }
    }
    steps.missed().forEach(step -> System.out.println("  not " + step));
    return held;
  }

  private Crashes.Report round(long seed, StepChoice steps)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("slipway-crash-" + seed + "-");
    Crashes.Plan plan =
        new Crashes.Plan(
            number("kills", 50),
            number("deployments", 20),
            seed,
            options.getOrDefault("queue", ""),
            breaks());
    try (Crashes crashes = new Crashes(folder, ground(folder), plan, steps)) {
      return crashes.run(Duration.ofMinutes(10));
    }
  }

  private Crashes.Breaks breaks() {
    return new Crashes.Breaks(
        share("steps"),
        share("faults"),
        share("failures"),
        share("stops"),
        share("holds"),
        number("hold-millis", 25_000),
        number("strangers", 0),
        options.getOrDefault("second-hook", "no").equals("yes"),
        number("history", 0),
        number("github-slow", 0));
  }

  private StateStore ground(Path folder) throws IOException, InterruptedException {
    String database = options.getOrDefault("database", "sqlite");
    return switch (database) {
      case "sqlite" -> StateStore.sqlite();
      case "postgresql" -> new OwnPostgres(folder);
      case "partition" -> new SilentNetwork(new OwnPostgres(folder));
      case "disk" -> new SmallDisk(folder);
      default -> StateStore.postgresql(database);
    };
  }

  private int number(String name, int otherwise) {
    return Integer.parseInt(options.getOrDefault(name, String.valueOf(otherwise)));
  }

  private double share(String name) {
    return Double.parseDouble(options.getOrDefault(name, "0"));
  }

  private static String row(List<?> cells) {
    return cells.stream().map(Object::toString).collect(Collectors.joining(" | ", "| ", " |"));
  }
}
