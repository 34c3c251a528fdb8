package dev.slipway.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The facts of one run, oldest first, and the state that follows from them. The plan, the worker
 * and the log page all read the state of a run and of its targets here, so that they agree.
 */
public record RunFacts(List<Fact> all) {
  /** The log of a run that has not begun. */
  public static final RunFacts EMPTY = new RunFacts(List.of());

  public RunFacts {
    all = List.copyOf(all);
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** This log with more facts at its end. */
  public RunFacts plus(List<? extends Fact> more) {
    List<Fact> longer = new ArrayList<>(all.size() + more.size());
    longer.addAll(all);
    longer.addAll(more);
    return new RunFacts(longer);
  }

  /** This log with another fact in place of its last one. */
  public RunFacts withLast(Fact fact) {
    List<Fact> changed = new ArrayList<>(all);
    changed.set(changed.size() - 1, fact);
    return new RunFacts(changed);
  }

  /**
   * The last attempt at one target of the chain. A target that was busy is asked again within the
   * same attempt; a new attempt begins when the lookup found nothing of one that a stop of Slipway
   * cut short. An intent right behind another is the same one, stored twice because no answer came
   * the first time. A run that was held before a start begins a new attempt when it may start.
   */
  public AttemptFacts attempt(String target) {
    List<Fact.OfTarget> facts = new ArrayList<>();
    boolean isRepeated = false;
    for (Fact fact : all) {
      if (fact instanceof Fact.Held && !facts.isEmpty() && !isOver(facts.getLast())) {
        facts.clear();
      }
      if (fact instanceof Fact.OfTarget one && one.target().equals(target)) {
        if (one instanceof Fact.Intended && !facts.isEmpty() && isOver(facts.getLast())) {
          facts.clear();
          isRepeated = true;
        }
        facts.add(one);
      }
    }
    return new AttemptFacts(facts, isRepeated);
  }

  private static boolean isOver(Fact.OfTarget last) {
    return !(last instanceof Fact.Busy || last instanceof Fact.Intended);
  }

  /** Whether nothing has happened yet, or nothing since the run was held before a start. */
  public boolean isBeginning() {
    return all.isEmpty() || all.getLast() instanceof Fact.Held;
  }

  /** The request that the run stops, if there is one; of several the first. */
  public Optional<Fact.StopRequested> stopRequest() {
    for (Fact fact : all) {
      if (fact instanceof Fact.StopRequested request) {
        return Optional.of(request);
      }
    }
    return Optional.empty();
  }

  /** The verdict on the target that was tried last, if it is a refusal. */
  public Optional<Fact.Judged> lastRefusal() {
    for (Fact fact : all.reversed()) {
      if (fact instanceof Fact.Judged judged && !(judged.verdict() instanceof Verdict.Skipped)) {
        return Optional.of(judged).filter(one -> one.verdict() instanceof Verdict.Refused);
      }
    }
    return Optional.empty();
  }
}
