package dev.slipway.crash;

import dev.slipway.store.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The long form of {@link ReplicasIT}: leases run out by themselves, and replicas stay frozen for
 * as many seconds as the first argument says. Prints what docs/replicas.md tells.
 */
final class FleetProgram {
  private FleetProgram() {}

  /** Does the stages on a PostgreSQL of its own. */
  public static void main(String[] arguments) throws Exception {
    long seconds = arguments.length == 0 ? 60 : Long.parseLong(arguments[0]);
    Path folder = Files.createTempDirectory("slipway-fleet-");
    boolean held = false;
    try (Fleet fleet = new Fleet(folder, TestDatabases.POSTGRESQL.url())) {
      FleetStages stages = new FleetStages(fleet, Duration.ofSeconds(seconds));
      say("all four ready", timed(fleet::startAllAtOnce));
      fleet.database.layBarrier();
      say("24 deployments", timed(stages::workIsSharedInOrder));
      List<Long> late = stages.aLogIsReadLiveAtAnother(26, seconds == 0 ? 10 : 200);
      say("lines at another replica, ms late", quantiles(late));
      say("killed one's three taken over", stages.whatAKilledOneHadIsTakenOver(27, 28, 29));
      say("frozen before its request", stages.oneFrozenBeforeItsRequestTriggersNothing(31, 34));
      say("frozen in its post", stages.oneFrozenInItsPostPostsNothingMore(36, 39));
      fleet.deliverAllAgain();
      List<String> violations = fleet.violations();
      violations.forEach(System.out::println);
      held = violations.isEmpty();
    } finally {
      System.out.println(held ? "No violations." : "Promises were broken; see " + folder);
    }
    System.exit(held ? 0 : 1);
  }

  private static Duration timed(Runnable work) {
    long begun = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static String quantiles(List<Long> values) {
    long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
    return "%d lines, p50 %d, p99 %d, most %d"
        .formatted(
            sorted.length,
            sorted[sorted.length / 2],
            sorted[sorted.length * 99 / 100],
            Arrays.stream(sorted).max().orElse(0));
  }

  private static void say(String what, Object figure) {
    System.out.println(what + ": " + figure);
  }
}
