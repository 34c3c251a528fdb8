package dev.slipway.store;

import dev.slipway.intake.Accept;
import dev.slipway.intake.Intake;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * How many new deployments a second are on disk, each of an environment of its own, by as many
 * virtual threads as are named, on an SQLite file in the folder that is named first; see
 * docs/benchmarks.md.
 */
final class AcceptBenchmark {
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("fake"), null, QueuePolicy.LATEST);
  private static final AtomicLong IDS = new AtomicLong();

  private AcceptBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory(Path.of(arguments[0]), "accept");
    try (Database database =
        Database.open(
            "jdbc:sqlite:" + folder.resolve("slipway.db"), new DatabaseLogin(null, null))) {
      Intake intake =
          new Intake(
              new Inbox(database, Duration.ofDays(1)),
              List.of(ROUTE),
              Duration.ofDays(365),
              Instant::now);
      for (int round = 0; round < 3; round++) {
        for (String threads : List.of(arguments).subList(1, arguments.length)) {
          measure(intake, Integer.parseInt(threads));
        }
      }
    }
  }

  private static void measure(Intake intake, int threads) throws InterruptedException {
    AtomicLong accepted = new AtomicLong();
    long begun = System.nanoTime();
    long end = begun + Duration.ofSeconds(4).toNanos();
    List<Thread> all =
        IntStream.range(0, threads)
            .mapToObj(_ -> Thread.ofVirtual().start(() -> acceptUntil(end, intake, accepted)))
            .toList();
    for (Thread thread : all) {
      thread.join();
    }
    System.out.printf(
        "%d at once: %.0f accepts/s%n",
        threads, accepted.get() * 1e9 / (System.nanoTime() - begun));
  }

  private static void acceptUntil(long end, Intake intake, AtomicLong accepted) {
    while (System.nanoTime() < end) {
      long id = IDS.incrementAndGet();
      Delivery delivery =
          new Delivery(
              "guid-" + id, "deployment", DeliverySource.WEBHOOK, "key", "", Instant.now());
      Decision decision = Accept.delivery(intake, delivery, Optional.empty(), event(id));
      if (!(decision instanceof Decision.Accepted)) {
        throw new AssertionError(decision.toString());
      }
      accepted.incrementAndGet();
    }
  }

  private static byte[] event(long id) {
    return """
        {"action":"created","deployment":{"id":%d,"sha":"%040x","ref":"main","task":"deploy",
        "environment":"env-%d","payload":{},"description":"","creator":{"login":"mia"}},
        "repository":{"id":7,"full_name":"octo-org/hello-world","private":false}}"""
        .formatted(id, id, id)
        .getBytes(StandardCharsets.UTF_8);
  }
}
