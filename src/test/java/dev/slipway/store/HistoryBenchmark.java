package dev.slipway.store;

import static dev.slipway.store.ManyDeployments.T0;

import dev.slipway.model.End;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the store's operations cost on an SQLite file with 1,000, 100,000 and 1,000,000 deployments:
 * milliseconds of one operation, the median of many. The argument is the folder for the files, as
 * where they lie decides what a commit costs.
 */
public final class HistoryBenchmark {
  private static final int TIMES = 300;
  private static final int RUNNING = 10_000;

  private HistoryBenchmark() {}

  private interface Operation {
    void run(int time) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory(Path.of(arguments[0]), "history");
    System.out.println(
        "| deployments | accept | take | settle | outbox | retention | figures | start, 10,000 running |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (int deployments : new int[] {1_000, 100_000, 1_000_000}) {
      String url = "jdbc:sqlite:" + folder.resolve(deployments + ".db");
      ManyDeployments.fill(url, deployments, 0);
      System.out.println("| " + deployments + " | " + measure(url, deployments) + " |");
    }
  }

  private static String measure(String url, int deployments) throws Exception {
    List<String> row = new ArrayList<>();
    try (Database database = Database.open(url, new Database.Login(null, null))) {
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      Outbox outbox = new Outbox(database, Duration.ofSeconds(20));
      Tally tally = new Tally(database);
      List<Runs.Taken> taken = new ArrayList<>();
      row.add(median(time -> accept(database, deployments + 1L + time)));
      row.add(median(_ -> taken.add(runs.take("me", T0).orElseThrow())));
      row.add(
          median(
              time -> runs.settle(taken.get(time).lease(), new End.Succeeded(null, "live"), T0)));
      row.add(
          median(
              time ->
                  outbox.posted(
                      outbox.next(T0.plusSeconds(time)).orElseThrow(), deployments + time, T0)));
      Duration day = Duration.ofDays(1);
      Retention retention = new Retention(database, new Retention.Keep(day, day, day));
      row.add(
          median(
              10,
              _ -> {
                boolean _ = retention.removeSome(T0.plus(Duration.ofDays(30)));
              }));
      row.add(
          median(
              _ -> {
                List<Tally.Count> _ = tally.counts();
                Tally.Line _ = tally.line();
                Outbox.Backlog _ = outbox.backlog();
              }));
      for (int i = 0; i < RUNNING; i++) {
        accept(database, deployments + 1_000L + i);
      }
      while (!runs.take(new Runs.Taker("me", null), T0, 1_000).isEmpty()) {
        taken.clear();
      }
    }
    row.add(start(url));
    return String.join(" | ", row);
  }

  private static void accept(Database database, long githubId) {
    long id = ManyDeployments.accept(database, githubId);
    if (id < 0) {
      throw new IllegalStateException("not accepted: " + githubId);
    }
  }

  /** How long a new process takes until all that was running has been taken up. */
  private static String start(String url) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma wal_checkpoint(truncate)");
    }
    try (Database database = Database.open(url, new Database.Login(null, null))) {
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      long begun = System.nanoTime();
      int orphans = runs.freeOrphans();
      int taken = 0;
      for (List<Runs.Taken> some = take(runs); !some.isEmpty(); some = take(runs)) {
        taken += some.size();
      }
      if (taken < RUNNING || orphans != taken) {
        throw new IllegalStateException("only " + taken + " were taken up");
      }
      return String.format(Locale.ROOT, "%.0f ms", (System.nanoTime() - begun) / 1e6);
    }
  }

  private static List<Runs.Taken> take(Runs runs) {
    return runs.take(new Runs.Taker("next", null), T0, 100);
  }

  private static String median(Operation operation) throws Exception {
    return median(TIMES, operation);
  }

  private static String median(int times, Operation operation) throws Exception {
    long[] nanos = new long[times];
    for (int time = 0; time < times; time++) {
      long begun = System.nanoTime();
      operation.run(time);
      nanos[time] = System.nanoTime() - begun;
    }
    java.util.Arrays.sort(nanos);
    return String.format(Locale.ROOT, "%.2f ms", nanos[times / 2] / 1e6);
  }
}
