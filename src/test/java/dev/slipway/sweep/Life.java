package dev.slipway.sweep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One life of a Slipway: counts the steps that it comes to, and dies at the one that was chosen. At
 * a step that it does not survive, and at all after that, nothing more gets through. Safe for use
 * by many threads.
 */
final class Life {
  private static final int NEVER = 0;

  private final List<String> steps = new ArrayList<>();
  private final Set<String> looks = new HashSet<>();
  private Predicate<String> counted = _ -> false;
  private int last = NEVER;
  private boolean dead;

  /** Counts such steps from now on, and dies at none. */
  synchronized void count(Predicate<String> such) {
    counted = such;
  }

  /** Counts such steps from now on, and dies at the one with this number; the first is 1. */
  synchronized void dieAt(int step, Predicate<String> such) {
    counted = such;
    last = step;
  }

  /** Comes to a step: whether it survives that. */
  synchronized boolean survives(String step) {
    if (!dead && counted.test(step)) {
      steps.add(step);
      dead = steps.size() == last;
    }
    return !dead;
  }

  /** Comes to a call that changes nothing; those of one kind are one step. */
  synchronized boolean survivesLook(String step) {
    boolean isKnown = counted.test(step) && !looks.add(step);
    return isKnown ? !dead : survives(step);
  }

  synchronized boolean isDead() {
    return dead;
  }

  /** The step that it came to last. */
  synchronized String lastStep() {
    return steps.isEmpty() ? "none" : steps.getLast();
  }

  /** The steps that it came to since it counts. */
  synchronized List<String> steps() {
    return List.copyOf(steps);
  }
}
