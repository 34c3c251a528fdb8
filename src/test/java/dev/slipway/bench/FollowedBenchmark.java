package dev.slipway.bench;

import dev.slipway.intake.Accept;
import dev.slipway.intake.Intake;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Fact;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Verdict;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import dev.slipway.store.LeaseOwner;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.Runs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What it costs to follow ten thousand deploys at Render in one process, and how long a start takes
 * to take them up. Puts them into an SQLite file as a process leaves them that dies, and starts the
 * jar on it, against a Render of its own. See docs/benchmarks.md.
 */
public final class FollowedBenchmark {
  private static final String TARGET = "render-api";
  private static final int AT_ONCE = 64;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private FollowedBenchmark() {}

  /**
   * Prints what was measured.
   *
   * @param arguments how many deployments, of how many services, for how many seconds; then options
   *     for the JVM
   */
  public static void main(String[] arguments) throws Exception {
    int deployments = Integer.parseInt(arguments[0]);
    int services = Integer.parseInt(arguments[1]);
    Duration length = Duration.ofSeconds(Integer.parseInt(arguments[2]));
    Path folder = Files.createTempDirectory("slipway-followed");
    Path data = Files.createDirectory(folder.resolve("data"));
    String url = "jdbc:sqlite:" + data.resolve("slipway.db");
    try (ManyServices render = new ManyServices(services, deployments)) {
      leave(url, render, services, deployments);
      List<String> options = List.of(arguments).subList(3, arguments.length);
      try (Program program = Program.start(recipe(folder, render, services, options), folder)) {
        measure(program, render, url, deployments, length);
      } finally {
        System.out.println("Its own log: " + folder.resolve("output"));
      }
    }
  }

  /** The commit of a deploy. */
  static String commit(int deploy) {
    return "%040x".formatted(deploy);
  }

  private static void measure(
      Program program, ManyServices render, String url, int deployments, Duration length)
      throws Exception {
    await(program, PATIENCE, () -> takenUp(url) == deployments);
    System.out.printf(
        "%d deployments are taken up %.1f s after the start of the process, with %.1f s of CPU%n",
        takenUp(url), program.sinceStart().toMillis() / 1e3, program.cpu().toMillis() / 1e3);
    await(program, length, () -> render.seen() == deployments);
    System.out.printf(
        "%d have been seen %.1f s after it: %s%n",
        render.seen(), program.sinceStart().toMillis() / 1e3, render.calls());
    Duration used = program.cpu();
    ManyServices.Calls calls = render.calls();
    Duration unseen = Duration.ZERO;
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < length.toNanos()) {
      Thread.sleep(100);
      Duration now = render.longestUnseen();
      unseen = now.compareTo(unseen) > 0 ? now : unseen;
    }
    double minutes = (System.nanoTime() - begun) / 60e9;
    ManyServices.Calls made = render.calls().since(calls);
    System.out.printf(
        "a minute: %.0f calls for lists, %.0f for one deploy, %.0f others%n",
        made.lists() / minutes, made.looks() / minutes, made.others() / minutes);
    System.out.printf(
        "longest time in which a deploy was not seen: %s%n",
        render.seen() == deployments ? unseen.toSeconds() + " s" : "from the start on");
    System.out.printf(
        "CPU: %.1f %% of one core%n", program.cpu().minus(used).toNanos() / (minutes * 60e9) * 100);
    System.out.printf("resident: %d MiB; threads: %d%n", program.resident(), program.threads());
  }

  private static void await(Program program, Duration limit, BooleanSupplier condition)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean() && System.nanoTime() - begun < limit.toNanos()) {
      if (!program.isAlive()) {
        throw new IOException("it has ended");
      }
      Thread.sleep(100);
    }
  }

  /** A run that is taken up says so in its log; nothing else was written there. */
  private static long takenUp(String url) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select count(distinct deployment_id) from log_chunk")) {
      return rows.next() ? rows.getLong(1) : 0;
    } catch (SQLException busy) {
      return 0;
    }
  }

  private static void leave(String url, ManyServices render, int services, int deployments)
      throws Exception {
    List<Route> routes =
        IntStream.range(0, services)
            .mapToObj(
                service ->
                    new Route(
                        "service-" + service,
                        new RouteMatch(
                            Map.of(RouteMatch.Part.REPOSITORIES, List.of(repository(service)))),
                        OriginPolicy.NONE,
                        List.of(TARGET),
                        null,
                        QueuePolicy.LATEST))
            .toList();
    try (Database database = Database.open(url, new DatabaseLogin(null, null));
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      Intake intake =
          new Intake(
              new Inbox(database, Duration.ofDays(1)), routes, Duration.ofDays(365), Instant::now);
      all(
          threads,
          IntStream.range(0, deployments)
              .mapToObj(deploy -> () -> accept(intake, deploy, render.serviceOf(deploy))));
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      List<LeasedRun> taken = new ArrayList<>();
      while (taken.addAll(runs.acquire(new LeaseOwner("gone", null), Instant.now(), 100))) {}
      all(threads, taken.stream().map(run -> () -> begin(runs, run, render)));
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void all(ExecutorService threads, Stream<Work> works) throws Exception {
    List<Future<?>> all =
        works
            .<Future<?>>map(
                work ->
                    threads.submit(
                        () -> {
                          work.run();
                          return "done";
                        }))
            .toList();
    for (Future<?> each : all) {
      Object _ = each.get();
    }
  }

  private static String repository(int service) {
    return "octo-org/service-" + service;
  }

  private static void accept(Intake intake, int deploy, int service) {
    byte[] event =
        """
        {"action":"created","deployment":{"id":%d,"sha":"%s","ref":"main","task":"deploy",
        "environment":"preview-%d","payload":{},"description":"","creator":{"login":"mia"}},
        "repository":{"id":%d,"full_name":"%s","private":false}}"""
            .formatted(deploy + 1, commit(deploy), deploy, service + 1, repository(service))
            .getBytes(StandardCharsets.UTF_8);
    Decision decision =
        Accept.delivery(
            intake,
            new Delivery(
                "guid-" + deploy, "deployment", DeliverySource.WEBHOOK, "key", "", Instant.now()),
            Optional.empty(),
            event);
    if (!(decision instanceof Decision.Accepted)) {
      throw new AssertionError(decision.toString());
    }
  }

  /** As if Render had just accepted it. */
  private static void begin(Runs runs, LeasedRun run, ManyServices render) throws Exception {
    int deploy = Integer.parseInt(run.deployment().deployment().sha(), 16);
    Instant now = Instant.now();
    String destination = "Render service " + ManyServices.service(render.serviceOf(deploy));
    runs.record(
        run.lease(),
        List.of(
            new Fact.Intended(now, TARGET, null, destination, Duration.ofHours(1)),
            new Fact.Judged(
                now, TARGET, new Verdict.Accepted(ManyServices.deploy(deploy), "started"))),
        List.of(),
        "",
        now);
  }

  private static Program.Recipe recipe(
      Path folder, ManyServices render, int services, List<String> options) throws IOException {
    Path settings = folder.resolve("slipway.yml");
    Files.writeString(
        settings,
        IntStream.range(0, services)
            .mapToObj(
                service ->
                    """
                    - name: service-%d
                      match:
                        repositories: [%s]
                      chain:
                        - render-api:
                            service-id: %s
                    """
                        .formatted(service, repository(service), ManyServices.service(service))
                        .indent(2))
            .collect(Collectors.joining("", "routes:\n", "")));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-jar");
    command.add(
        Path.of(System.getProperty("slipway.jar", "target/slipway.jar"))
            .toAbsolutePath()
            .toString());
    return new Program.Recipe(
        "Slipway",
        command,
        "",
        Map.of(
            "GITHUB_WEBHOOK_SECRET",
            SignedRequests.SECRET,
            "SLIPWAY_CONFIG",
            settings.toString(),
            "SLIPWAY_DATA",
            folder.resolve("data").toString(),
            "SLIPWAY_RECONCILE_EVERY",
            "off",
            "RENDER_API_URL",
            render.address().toString(),
            "RENDER_API_KEY",
            "rnd_0123456789"));
  }
}
