package dev.slipway.store;

import static dev.slipway.store.ManyDeployments.T0;

import dev.slipway.model.End;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the store's operations cost on an SQLite file with 1,000, 100,000 and 1,000,000 deployments:
 * milliseconds of one operation, the median of many. The argument is the folder for the files, as
 * where they lie decides what a commit costs.
 */
public final class HistoryBenchmark {
  private static final int TIMES = 300;
  private static final int RUNNING = 10_000;
  private static final int ROUNDS = 5;

  /** After these nothing is left to remove of a thousand. */
  private static final int WHOLE_ROUNDS = 5;

  private static final List<Integer> SIZES = List.of(1_000, 100_000, 1_000_000);

  private HistoryBenchmark() {}

  private interface Operation {
    void run(int time) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory(Path.of(arguments[0]), "history");
    System.out.println(
        "| deployments | accept | take | settle | outbox | retention | figures | start, 10,000 running |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (int deployments : SIZES) {
      ManyDeployments.fill(url(folder, deployments), deployments, 0);
    }
    // In turns, the smallest once more before: its first round pays for a JVM that has just started
    List<Map<String, List<Long>>> took = new ArrayList<>();
    SIZES.forEach(_ -> took.add(new LinkedHashMap<>()));
    measure(folder, SIZES.getFirst(), new LinkedHashMap<>());
    for (int round = 0; round < ROUNDS; round++) {
      for (int size = 0; size < SIZES.size(); size++) {
        measure(folder, SIZES.get(size), took.get(size));
      }
    }
    for (int size = 0; size < SIZES.size(); size++) {
      String cells =
          took.get(size).values().stream()
              .map(HistoryBenchmark::median)
              .collect(Collectors.joining(" | "));
      System.out.println("| " + SIZES.get(size) + " | " + cells + " |");
    }
  }

  private static String url(Path folder, int deployments) {
    return "jdbc:sqlite:" + folder.resolve(deployments + ".db");
  }

  /** Each time on a copy, as what is measured changes the rows. */
  private static void measure(Path folder, int deployments, Map<String, List<Long>> took)
      throws Exception {
    Path copy = folder.resolve("copy.db");
    Files.copy(folder.resolve(deployments + ".db"), copy, StandardCopyOption.REPLACE_EXISTING);
    measure("jdbc:sqlite:" + copy, deployments, took);
    for (String suffix : List.of("", "-wal", "-shm", ".lock")) {
      Files.deleteIfExists(Path.of(copy + suffix));
    }
  }

  private static void measure(String url, int deployments, Map<String, List<Long>> took)
      throws Exception {
    try (Database database = Database.open(url, new DatabaseLogin(null, null))) {
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      Outbox outbox = new Outbox(database, "github.com", Duration.ofSeconds(20), PostLimits.ANY);
      Counters tally = new Counters(database);
      List<LeasedRun> taken = new ArrayList<>();
      time(took, "accept", time -> accept(database, deployments + 1L + time));
      time(took, "take", _ -> taken.add(LeasedRuns.acquire(runs, "me", T0).orElseThrow()));
      time(
          took,
          "settle",
          time ->
              runs.settle(
                  taken.get(time).lease(), List.of(), new End.Succeeded(null, "live"), "", T0));
      time(
          took,
          "outbox",
          time ->
              outbox.confirmPosted(
                  outbox.claim(T0.plusSeconds(time)).orElseThrow(), deployments + time, T0));
      Duration day = Duration.ofDays(1);
      Retention retention =
          new Retention(database, new Retention.Periods(day, day, day), "removed");
      time(
          took,
          "retention",
          WHOLE_ROUNDS,
          _ -> {
            boolean _ = retention.removeSome(T0.plus(Duration.ofDays(30)));
          });
      time(
          took,
          "figures",
          _ -> {
            List<Counters.Count> _ = tally.counts();
            Counters.RunCounts _ = tally.runCounts();
            Outbox.Backlog _ = outbox.backlog();
          });
      for (int i = 0; i < RUNNING; i++) {
        accept(database, deployments + 1_000L + i);
      }
      while (!runs.acquire(new LeaseOwner("me", null), T0, 1_000).isEmpty()) {
        taken.clear();
      }
    }
    took.computeIfAbsent("start", _ -> new ArrayList<>()).add(start(url));
  }

  private static void accept(Database database, long githubId) {
    long id = ManyDeployments.accept(database, githubId);
    if (id < 0) {
      throw new IllegalStateException("not accepted: " + githubId);
    }
  }

  /** How long a new process takes until all that was running has been taken up. */
  private static long start(String url) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma wal_checkpoint(truncate)");
    }
    try (Database database = Database.open(url, new DatabaseLogin(null, null))) {
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      long begun = System.nanoTime();
      int orphans = runs.freeOrphans();
      int taken = 0;
      for (List<LeasedRun> some = take(runs); !some.isEmpty(); some = take(runs)) {
        taken += some.size();
      }
      if (taken < RUNNING || orphans != taken) {
        throw new IllegalStateException("only " + taken + " were taken up");
      }
      return System.nanoTime() - begun;
    }
  }

  private static List<LeasedRun> take(Runs runs) {
    return runs.acquire(new LeaseOwner("next", null), T0, 100);
  }

  private static void time(Map<String, List<Long>> took, String what, Operation operation)
      throws Exception {
    time(took, what, TIMES, operation);
  }

  private static void time(
      Map<String, List<Long>> took, String what, int times, Operation operation) throws Exception {
    List<Long> nanos = took.computeIfAbsent(what, _ -> new ArrayList<>());
    for (int time = 0; time < times; time++) {
      long begun = System.nanoTime();
      operation.run(time);
      nanos.add(System.nanoTime() - begun);
    }
  }

  private static String median(List<Long> nanos) {
    long middle = nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
    return String.format(Locale.ROOT, "%.2f ms", middle / 1e6);
  }
}
