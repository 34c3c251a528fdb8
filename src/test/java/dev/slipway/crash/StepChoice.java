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
import java.util.TreeSet;

/**
 * Which step to die at next, of those that were come by so far: the one that was chosen least, in
 * another order for each seed; the first time that it comes, then the seventh, then any.
 */
final class StepChoice {
  private final Path record;
  private final double share;
  private final Random random;
  private final Map<String, Integer> ranks = new HashMap<>();
  private final Map<String, Integer> chosen = new HashMap<>();
  private final Set<String> died = new TreeSet<>();

  /**
   * @param record where Slipway writes the steps
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
  Optional<String> next() throws IOException {
    if (random.nextDouble() >= share) {
      return Optional.empty();
    }
    return known().stream()
        .min(
            Comparator.<String>comparingInt(step -> chosen.getOrDefault(step, 0))
                .thenComparingInt(step -> ranks.computeIfAbsent(step, _ -> random.nextInt())))
        .map(step -> time(chosen.merge(step, 1, Integer::sum)) + " " + step);
  }

  private int time(int choice) {
    return switch (choice) {
      case 1 -> 1;
      case 2 -> 7;
      default -> 2 + random.nextInt(5);
    };
  }

  /** What the virtual machine is told. */
  List<String> options(Optional<String> step) {
    String file = "-D" + Steps.RECORD + "=" + record;
    return step.map(at -> List.of(file, "-D" + Steps.DIE_AT + "=" + at))
        .orElseGet(() -> isWanted() ? List.of(file) : List.of());
  }

  void died(String step) {
    died.add(step.substring(step.indexOf(' ') + 1));
  }

  /** At how many steps it died at least once. */
  Set<String> died() {
    return Set.copyOf(died);
  }

  /** The steps that were come by, and at which it never died. */
  List<String> missed() throws IOException {
    return isWanted() ? known().stream().filter(step -> !died.contains(step)).toList() : List.of();
  }

  /** All steps that were come by. */
  Set<String> known() throws IOException {
    return Files.exists(record) ? new TreeSet<>(Files.readAllLines(record)) : Set.of();
  }
}
