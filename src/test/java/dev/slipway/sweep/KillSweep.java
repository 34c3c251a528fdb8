package dev.slipway.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.TestFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does an act once without a kill, and then once for each step that it came to. */
final class KillSweep {
  private static final Logger LOG = LoggerFactory.getLogger(KillSweep.class);

  /** Of all sweeps together; most of the time goes by in waiting. */
  private static final ExecutorService THREADS =
      Executors.newFixedThreadPool(8, Thread.ofPlatform().daemon().name("sweep-", 1).factory());

  /** With this the life after a death dies too, at a step that follows from the number. */
  private static final Optional<Long> AGAIN = Optional.ofNullable(Long.getLong("sweep.again"));

  /** The steps of statuses on their way, which are the same for each act. */
  private static final Predicate<String> POSTING =
      Pattern.compile(
              "(?:before|after) (?:POST .*/statuses at GitHub|the commit of "
                  + "(?:(?:counter|outbox|outbox_flow|posting|status|status_post)(?:, |$))+)")
          .asMatchPredicate();

  private KillSweep() {}

  /** What is swept, made anew for each try. Each part may wait. */
  interface Act {
    /** Changes settings before the start. */
    default void set(SweepWorld world) {}

    /** What has happened before, and is not swept. */
    default void prepare(SweepWorld world) {}

    /** Does it, as a client that repeats what it is told to repeat. */
    void perform(SweepWorld world);

    /** Looks at what became of it, when all is at rest. */
    void check(SweepWorld world);

    /** Whether it dies at the steps of statuses on their way, too. */
    default boolean diesPosting() {
      return false;
    }
  }

  /**
   * What became of one try.
   *
   * @param killed whether the life came to the step at which it was to end
   * @param violation what was not as promised; empty when all was
   */
  private record Try(boolean killed, String violation) {}

  /** Sweeps an act; fails with all that was not as promised. */
  static void of(Supplier<Act> acts) throws InterruptedException {
    List<String> steps = unharmed(acts.get());
    List<Future<Try>> tries =
        IntStream.rangeClosed(1, steps.size())
            .mapToObj(step -> THREADS.submit(() -> killedAt(step, acts.get())))
            .toList();
    int killed = 0;
    StringBuilder violations = new StringBuilder();
    for (Future<Try> one : tries) {
      Try done = outcome(one);
      killed += done.killed() ? 1 : 0;
      violations.append(done.violation());
    }
    LOG.info(
        "{}: of {} steps it died at {}",
        acts.get().getClass().getSimpleName(),
        steps.size(),
        killed);
    assertThat(violations.toString()).as("violations at %d steps", steps.size()).isEmpty();
    // What happens side by side shares a commit or not, so there are not always as many
    assertThat(killed).as("deaths at %s", steps).isGreaterThanOrEqualTo(steps.size() * 3 / 4);
  }

  private static Try outcome(Future<Try> one) throws InterruptedException {
    try {
      return one.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> unharmed(Act act) {
    try (SweepWorld world = new SweepWorld(folder())) {
      prepare(world, act);
      Life life = world.count(steps(act));
      act.perform(world);
      world.awaitRest();
      List<String> steps = life.steps();
      act.check(world);
      return steps;
    }
  }

  private static Try killedAt(int step, Act act) {
    try (SweepWorld world = new SweepWorld(folder())) {
      prepare(world, act);
      Life life = world.killAt(step, steps(act));
      AGAIN.ifPresent(seed -> world.killNextAt(stepAgain(seed, step), steps(act)));
      try {
        act.perform(world);
        world.awaitRest();
        act.check(world);
        return new Try(life.isDead(), "");
      } catch (AssertionError e) {
        return new Try(
            life.isDead(),
            "\nKilled at step %d, %s: %s".formatted(step, world.deaths(), e.getMessage()));
      }
    }
  }

  private static int stepAgain(long seed, int step) {
    return 1 + new Random(seed * 1000 + step).nextInt(10);
  }

  private static Predicate<String> steps(Act act) {
    return act.diesPosting() ? _ -> true : POSTING.negate();
  }

  private static void prepare(SweepWorld world, Act act) {
    act.set(world);
    world.start();
    act.prepare(world);
    world.awaitStatuses();
  }

  private static Path folder() {
    try {
      return TestFolders.inMemory("sweep-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
