package dev.slipway.model;

import java.time.Instant;
import java.util.List;

/**
 * Everything that {@link Plan#next} may look at.
 *
 * @param now the time of the question
 * @param chain the targets of the run in their order
 * @param log what happened so far, oldest first
 */
public record PlanInput(Instant now, List<ChainEntry> chain, List<Fact> log) {
  public PlanInput {
    chain = List.copyOf(chain);
    log = List.copyOf(log);
  }

  List<Fact.OfTarget> of(String target) {
    return of(log, target);
  }

  /** What happened at one target of the chain. */
  public static List<Fact.OfTarget> of(List<Fact> log, String target) {
    return log.stream()
        .filter(Fact.OfTarget.class::isInstance)
        .map(Fact.OfTarget.class::cast)
        .filter(fact -> fact.target().equals(target))
        .toList();
  }

  /**
   * The last attempt at one target: a target is asked again after it was busy within the same
   * attempt, and anew when nothing was found of an attempt that a stop of Slipway cut short. An
   * intent right behind another is the same one, kept twice because no answer came the first time.
   */
  public static List<Fact.OfTarget> lastAttempt(List<Fact> log, String target) {
    List<Fact.OfTarget> all = of(log, target);
    for (int i = all.size() - 1; i > 0; i--) {
      Fact before = all.get(i - 1);
      if (all.get(i) instanceof Fact.Intended
          && !(before instanceof Fact.Busy || before instanceof Fact.Intended)) {
        return all.subList(i, all.size());
      }
    }
    return all;
  }
}
