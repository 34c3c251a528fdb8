package dev.slipway.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Measures how Slipway receives deliveries, and any other receiver beside it, in turns: each row of
 * the table with each of them, in a process of its own. See docs/benchmarks.md.
 */
public final class DeliveryBenchmark {
  private static final int CONNECTIONS = 64;
  private static final Duration LENGTH = Duration.ofSeconds(10);
  private static final int MANY = 20_000;
  private static final int RATE = 200;
  private static final int SLOW = 20;

  /** So that none is older than what came before. */
  private static final AtomicLong NUMBER = new AtomicLong();

  private DeliveryBenchmark() {}

  /** One line of the table. */
  private enum Row {
    START("first answer after start, ms"),
    QUIET("answer at 200/s, p50 / p99 ms"),
    COMMAND("POST to the command's first instruction at 20/s, p50 / p99 ms"),
    CPU("CPU for a delivery with its command at 100/s, ms"),
    ACCEPT("answered 2xx, a command each, saturated, /s"),
    MEMORY("resident after start / after 20,000 deliveries, MiB"),
    REPLACE("answered 2xx, one environment, saturated, /s"),
    FORGED("forged signatures refused, /s"),
    BACKLOG("forged signatures refused while a backlog runs, /s"),
    PUSH("events that nobody waits for, answered 2xx, /s");

    private final String words;

    Row(String words) {
      this.words = words;
    }
  }

  /** A receiver that was just started, with all that belongs to it. */
  private record Bench(Program program, String path, CommandLog commands, Duration warmUp)
      implements AutoCloseable {
    static Bench start(Program.Recipe recipe, Duration warmUp)
        throws IOException, InterruptedException {
      Path folder = Files.createTempDirectory("slipway-benchmark");
      CommandLog commands = new CommandLog(folder);
      var environment = new HashMap<>(recipe.environment());
      environment.put("GITHUB_WEBHOOK_SECRET", SignedRequests.SECRET);
      environment.put("SLIPWAY_DATA", folder.resolve("data").toString());
      environment.put("SLIPWAY_RECONCILE_EVERY", "off");
      environment.put("SLIPWAY_ENVIRONMENTS", "*");
      environment.put("SLIPWAY_QUEUE_KEY", "environment");
      environment.put("DEPLOY_CMD", commands.command());
      Program program =
          Program.start(
              new Program.Recipe(recipe.name(), recipe.command(), recipe.path(), environment),
              folder);
      Bench bench = new Bench(program, recipe.path(), commands, warmUp);
      try {
        bench.awaitAnswer(folder);
        return bench;
      } catch (IOException | InterruptedException | RuntimeException e) {
        bench.close();
        throw e;
      }
    }

    private void awaitAnswer(Path folder) throws IOException, InterruptedException {
      while (!answers()) {
        if (!program.isAlive() || program.sinceStart().toSeconds() > 60) {
          throw new IOException("it does not start: " + Files.readString(folder.resolve("output")));
        }
        Thread.sleep(5);
      }
    }

    private boolean answers() throws IOException {
      try {
        return deployments(1, 1) == 1;
      } catch (ConnectException notYet) {
        return false;
      }
    }

    private int deployments(int connections, int count) throws IOException {
      SignedRequests requests = SignedRequests.deployments(path, NUMBER);
      try (Load load = new Load(program.port(), requests::next)) {
        return good(load.saturate(connections, count, Duration.ofMinutes(5)));
      }
    }

    /** Lets the compiler see what will be measured. */
    void warm() throws IOException, InterruptedException {
      SignedRequests requests = SignedRequests.deployments(path, NUMBER);
      try (Load load = new Load(program.port(), requests::next)) {
        Load.Result _ = load.paced(RATE, warmUp);
      }
      awaitCommands();
    }

    /** Returns when no command has begun for a second. */
    void awaitCommands() throws InterruptedException {
      int before;
      do {
        before = commands.begun().size();
        Thread.sleep(1000);
      } while (commands.begun().size() > before);
    }

    @Override
    public void close() throws IOException {
      program.close();
      commands.close();
    }
  }

  /**
   * Prints the table.
   *
   * @param arguments {@code rows=START,QUIET} to measure only these; {@code java=OPTIONS} for
   *     Slipway's JVM; {@code warm=SECONDS} for how long each receiver is at work before it is
   *     measured, usually 100; {@code NAME:PATH=COMMAND LINE} for each other receiver, which takes
   *     its port from PORT, the secret from GITHUB_WEBHOOK_SECRET and its command from DEPLOY_CMD,
   *     and tells that command the deployment's number as SLIPWAY_DEPLOYMENT_ID
   */
  public static void main(String[] arguments) throws Exception {
    List<Program.Recipe> recipes = new ArrayList<>();
    recipes.add(slipway(value(arguments, "java=")));
    for (String argument : arguments) {
      int path = argument.indexOf(":/");
      int command = argument.indexOf('=');
      if (path > 0 && path < command) {
        recipes.add(
            new Program.Recipe(
                argument.substring(0, path),
                List.of("/bin/sh", "-c", "exec " + argument.substring(command + 1)),
                argument.substring(path + 1, command),
                Map.of()));
      }
    }
    String wanted = value(arguments, "rows=");
    List<Row> rows =
        wanted.isEmpty()
            ? List.of(Row.values())
            : Stream.of(wanted.split(",")).map(Row::valueOf).toList();
    String seconds = value(arguments, "warm=");
    Duration warmUp = Duration.ofSeconds(seconds.isEmpty() ? 100 : Long.parseLong(seconds));
    print("", recipes.stream().map(Program.Recipe::name).toList());
    print("---", recipes.stream().map(_ -> "---").toList());
    for (Row row : rows) {
      List<String> cells = new ArrayList<>();
      for (Program.Recipe recipe : recipes) {
        cells.add(measured(row, recipe, warmUp));
      }
      print(row.words, cells);
    }
  }

  private static void print(String first, List<String> cells) {
    System.out.println("| " + first + " | " + String.join(" | ", cells) + " |");
  }

  private static String value(String[] arguments, String name) {
    return Arrays.stream(arguments)
        .filter(argument -> argument.startsWith(name))
        .map(argument -> argument.substring(name.length()))
        .findFirst()
        .orElse("");
  }

  private static Program.Recipe slipway(String options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Stream.of(options.split(" ")).filter(option -> !option.isEmpty()).toList());
    command.add("-jar");
    command.add(Path.of("target/slipway.jar").toAbsolutePath().toString());
    return new Program.Recipe("Slipway", command, "/webhooks/github", Map.of());
  }

  private static String measured(Row row, Program.Recipe recipe, Duration warmUp)
      throws IOException, InterruptedException {
    if (row == Row.START) {
      return start(recipe);
    }
    try (Bench bench = Bench.start(recipe, warmUp)) {
      return switch (row) {
        case START -> throw new IllegalArgumentException();
        case QUIET -> quiet(bench);
        case COMMAND -> command(bench);
        case CPU -> cpu(bench);
        case ACCEPT -> saturated(bench, SignedRequests.deployments(bench.path(), NUMBER));
        case REPLACE -> saturated(bench, SignedRequests.ofOneEnvironment(bench.path(), NUMBER));
        case PUSH -> saturated(bench, SignedRequests.pushes(bench.path(), NUMBER));
        case FORGED -> forged(bench);
        case BACKLOG -> {
          int _ = bench.deployments(CONNECTIONS, 5000);
          yield forged(bench);
        }
        case MEMORY -> memory(bench);
      };
    }
  }

  private static String start(Program.Recipe recipe) throws IOException, InterruptedException {
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      try (Bench bench = Bench.start(recipe, Duration.ZERO)) {
        took.add(bench.program().sinceStart().toMillis());
      }
    }
    return took.stream().sorted().skip(2).findFirst().orElseThrow().toString();
  }

  private static String quiet(Bench bench) throws IOException, InterruptedException {
    SignedRequests requests = SignedRequests.deployments(bench.path(), NUMBER);
    try (Load load = new Load(bench.program().port(), requests::next)) {
      // Goes on where the others stop: what follows a pause is another row
      Load.Result result = load.paced(RATE, bench.warmUp(), LENGTH);
      return "%.1f / %.1f (%.0f/s)"
          .formatted(result.millis(0.5), result.millis(0.99), good(result) / seconds(result));
    }
  }

  private static double seconds(Load.Result result) {
    return result.took().toNanos() / 1e9;
  }

  private static String command(Bench bench) throws IOException, InterruptedException {
    bench.warm();
    SignedRequests requests = SignedRequests.deployments(bench.path(), NUMBER);
    long first = NUMBER.get() + 1;
    try (Load load = new Load(bench.program().port(), requests::next)) {
      long begun = System.nanoTime();
      Load.Result result = load.paced(SLOW, LENGTH);
      bench.awaitCommands();
      List<Long> took =
          LongStream.rangeClosed(first, NUMBER.get())
              .filter(bench.commands().begun()::containsKey)
              .map(
                  id ->
                      bench.commands().begun().get(id)
                          - begun
                          - (id - first) * 1_000_000_000 / SLOW)
              .sorted()
              .boxed()
              .toList();
      Load.Result commands = new Load.Result(took, result.statuses(), result.took());
      return "%.1f / %.1f (%d of %d)"
          .formatted(
              commands.millis(0.5), commands.millis(0.99), took.size(), NUMBER.get() - first + 1);
    }
  }

  private static String cpu(Bench bench) throws IOException, InterruptedException {
    bench.warm();
    Duration before = bench.program().cpu();
    SignedRequests requests = SignedRequests.deployments(bench.path(), NUMBER);
    try (Load load = new Load(bench.program().port(), requests::next)) {
      Load.Result result = load.paced(100, LENGTH);
      bench.awaitCommands();
      return "%.2f".formatted(bench.program().cpu().minus(before).toNanos() / 1e6 / good(result));
    }
  }

  private static String saturated(Bench bench, SignedRequests requests)
      throws IOException, InterruptedException {
    bench.warm();
    try (Load load = new Load(bench.program().port(), requests::next)) {
      Load.Result result = load.saturate(CONNECTIONS, Integer.MAX_VALUE, LENGTH);
      int others =
          result.statuses().values().stream().mapToInt(Integer::intValue).sum() - good(result);
      return "%,.0f%s"
          .formatted(good(result) / seconds(result), others == 0 ? "" : " (" + others + " not)");
    }
  }

  private static int good(Load.Result result) {
    return result.statuses().entrySet().stream()
        .filter(entry -> entry.getKey() / 100 == 2)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static String forged(Bench bench) throws IOException {
    SignedRequests requests = SignedRequests.deployments(bench.path(), NUMBER);
    try (Load load = new Load(bench.program().port(), requests::forged)) {
      Load.Result _ = load.saturate(CONNECTIONS, Integer.MAX_VALUE, bench.warmUp());
    }
    try (Load load = new Load(bench.program().port(), requests::forged)) {
      Load.Result result = load.saturate(CONNECTIONS, Integer.MAX_VALUE, LENGTH);
      int refused =
          result.statuses().entrySet().stream()
              .filter(entry -> entry.getKey() / 100 == 4 || entry.getKey() == 500)
              .mapToInt(Map.Entry::getValue)
              .sum();
      return "%,.0f (%d MiB)".formatted(refused / seconds(result), bench.program().resident());
    }
  }

  private static String memory(Bench bench) throws IOException, InterruptedException {
    Thread.sleep(5000);
    long idle = bench.program().resident();
    int good = bench.deployments(CONNECTIONS, MANY);
    return String.format(
        Locale.ROOT,
        "%d / %d%s",
        idle,
        bench.program().resident(),
        good == MANY ? "" : " (" + good + ")");
  }
}
