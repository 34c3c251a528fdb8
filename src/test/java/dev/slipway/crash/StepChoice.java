package dev.slipway.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which step to die at next, of those that were come by so far, in all rounds that share this: one
 * that was chosen little, the sooner if it was not reached then; in another order for each seed.
 */
final class StepChoice {
  private final Path record;
  private final double share;
  private final Random random;
  private final Map<String, Integer> ranks = new HashMap<>();
  private final Map<String, Integer> chosen = new HashMap<>();
  private final Map<String, Integer> deaths = new TreeMap<>();

  /**
   * @param record where each Slipway adds the steps that it comes by
   * @param share how many of all lives end at a step, from 0 to 1
   */
  StepChoice(Path record, double share, long seed) {
    this.record = record;
    this.share = share;
    this.random = new Random(seed);
  }

  boolean isWanted() {
    return share > 0;
  }

  /** The step, behind the number of the time; empty when this life ends otherwise. */
  synchronized Optional<String> next() throws IOException {
    if (random.nextDouble() >= share) {
      return Optional.empty();
    }
    Optional<String> next =
        known().stream()
            .min(
                Comparator.comparingInt(this::weight)
                    .thenComparingInt(step -> ranks.computeIfAbsent(step, _ -> random.nextInt())));
    next.ifPresent(step -> chosen.merge(step, 1, Integer::sum));
    return next.map(step -> time(deaths.getOrDefault(step, 0)) + " " + step);
  }

  private int weight(String step) {
    return chosen.getOrDefault(step, 0) + 2 * deaths.getOrDefault(step, 0);
  }

  private int time(int earlier) {
    return switch (earlier) {
      case 0 -> 1;
      case 1 -> 7;
      default -> 2 + random.nextInt(5);
    };
  }

  /** What the virtual machine is told. */
  List<String> options(Optional<String> step) {
    String file = "-D" + Steps.RECORD + "=" + record;
    return step.map(at -> List.of(file, "-D" + Steps.DIE_AT + "=" + at))
        .orElseGet(() -> isWanted() ? List.of(file) : List.of());
  }

  synchronized void died(String step) {
    deaths.merge(step.substring(step.indexOf(' ') + 1), 1, Integer::sum);
  }

  /** At how many steps it died at least once. */
  synchronized int died() {
    return deaths.size();
  }

  /** The steps that were come by, and at which it never died. */
  synchronized List<String> missed() throws IOException {
    return isWanted()
        ? known().stream().filter(step -> !deaths.containsKey(step)).toList()
        : List.of();
  }

  /** All steps that were come by. */
  Set<String> known() throws IOException {
    return Files.exists(record) ? new TreeSet<>(Files.readAllLines(record)) : Set.of();
  }
}
