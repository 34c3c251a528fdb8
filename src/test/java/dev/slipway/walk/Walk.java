package dev.slipway.walk;

import dev.slipway.model.Move;
import dev.slipway.model.PlanInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Goes through all states that can be reached, breadth first, and looks at each move. */
final class Walk {
  /** Moves after which a run has to have its end when nothing else happens to it. */
  private static final int PATIENCE = 80;

  private final Function<PlanInput, Move> plan;
  private final Function<RunState, List<RunState>> events;
  private final Set<RunState> seen = new HashSet<>();
  private final Set<RunState> endsWell = new HashSet<>();
  private final Set<RunState> endsInSilence = new HashSet<>();
  private List<RunState> frontier;
  private long ends;

  Walk(Function<PlanInput, Move> plan, Function<RunState, List<RunState>> events, RunState begin) {
    this.plan = plan;
    this.events = events;
    this.frontier = List.of(begin);
    seen.add(begin);
  }

  /** A move that breaks a rule, and all that led to it. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violation(String rule, RunState world, Move move) {
      super(rule + ": " + move + "\nin " + world);
    }
  }

  int states() {
    return seen.size();
  }

  long ends() {
    return ends;
  }

  /**
   * Walks on to this depth, counted in moves and events.
   *
   * @throws Violation at the first move that breaks a rule
   */
  void to(int depth) {
    for (int at = 0; at < depth && !frontier.isEmpty(); at++) {
      List<RunState> next = new ArrayList<>();
      for (RunState world : frontier) {
        next.addAll(visit(world));
      }
      frontier = next;
    }
    frontier.forEach(this::lookAt);
  }

  private List<RunState> visit(RunState world) {
    Move move = lookAt(world);
    if (move instanceof Move.Settle) {
      ends++;
      return List.of();
    }
    List<RunState> next = new ArrayList<>(Adversary.answers(world, move));
    next.addAll(events.apply(world));
    next.removeIf(one -> !seen.add(one));
    return next;
  }

  private Move lookAt(RunState world) {
    Move move = checked(world);
    awaitEnd(world, endsWell, (at, made) -> Adversary.answers(at, made).getFirst());
    awaitEnd(world, endsInSilence, Adversary::silence);
    return move;
  }

  private Move checked(RunState world) {
    Move move = plan.apply(world.facts());
    Rules.broken(world, move)
        .ifPresent(
            rule -> {
              throw new Violation(rule, world, move);
            });
    return move;
  }

  private void awaitEnd(
      RunState from, Set<RunState> known, BiFunction<RunState, Move, RunState> other) {
    List<RunState> path = new ArrayList<>();
    RunState at = from;
    while (!known.contains(at)) {
      path.add(at);
      Move move = checked(at);
      if (move instanceof Move.Settle) {
        break;
      }
      if (path.size() > PATIENCE) {
        throw new Violation("no end in reach", from, move);
      }
      at = other.apply(at, move);
    }
    known.addAll(path);
  }
}
