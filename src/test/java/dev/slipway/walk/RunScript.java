package dev.slipway.walk;

import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.Move;
import dev.slipway.model.Plan;
import dev.slipway.model.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One way that a run can go, from its begin to its end.
 *
 * @param edges what happens, in its order
 * @param last what is true in the end
 * @param end that it has
 */
record RunScript(List<Edge> edges, RunState last, End end) {
  /** Edges after which a run that is helped has its end. */
  private static final int PATIENCE = 80;

  /** What an edge does to the process that has the run. */
  enum Kind {
    /** It makes the move, and writes down what came of it. */
    MOVE,
    /** Nothing: something happens elsewhere. */
    EVENT,
    /** A newer deployment, or somebody, asks the run to stop. */
    STOP_REQUESTED,
    /** It dies between two moves, right behind a commit; another, perhaps changed, goes on. */
    DIES_BETWEEN_MOVES,
    /** It dies before it has written down that it will call the target. */
    DIES_BEFORE_THE_INTENT,
    /** It dies while it calls the target, or waits. */
    DIES_IN_THE_CALL,
    /** It dies before it has written down what came of the move. */
    DIES_BEFORE_THE_COMMIT
  }

  /**
   * @param move that is next when this happens
   */
  record Edge(RunState from, Move move, RunState to, Kind kind) {}

  /** What has happened until a state is reached. */
  record Way(RunState world, List<Edge> edges) {
    Way(RunState begin) {
      this(begin, List.of());
    }

    Way then(Edge edge) {
      List<Edge> all = new ArrayList<>(edges);
      all.add(edge);
      return new Way(edge.to(), List.copyOf(all));
    }

    /** Where the next target's turn is judged so; a request in doubt is still on its way. */
    Way judged(Class<? extends Verdict> verdict) {
      return edgesFrom(world).stream()
          .filter(edge -> edge.kind() == Kind.MOVE)
          .filter(
              edge ->
                  edge.to().log().getLast() instanceof Fact.Judged judged
                      && verdict.isInstance(judged.verdict()))
          .filter(
              edge ->
                  verdict != Verdict.Unknown.class
                      || edge.to().deploys().stream().anyMatch(deploy -> !deploy.isVisible()))
          .map(this::then)
          .findFirst()
          .orElseThrow();
    }
  }

  /**
   * Scripts that take, together, each edge that leaves a state less than so many edges away; but
   * none that goes that deep for an event alone.
   */
  static List<RunScript> all(Way begin, int depth) {
    List<RunScript> scripts = new ArrayList<>();
    Set<RunState> known = new HashSet<>();
    List<Way> frontier = List.of(begin);
    for (int at = 1; at <= depth; at++) {
      List<Way> next = new ArrayList<>();
      for (Way way : frontier) {
        for (Edge edge : edgesFrom(way.world())) {
          if (known.add(edge.to()) && at < depth) {
            next.add(way.then(edge));
          } else if (edge.kind() != Kind.EVENT) {
            scripts.add(toEnd(way.then(edge)));
          }
        }
        if (next(way.world()) instanceof Move.Settle) {
          scripts.add(toEnd(way));
        }
      }
      frontier = next;
    }
    return scripts;
  }

  private static RunScript toEnd(Way begin) {
    Way way = begin;
    for (int i = 0; i < PATIENCE; i++) {
      RunState world = way.world();
      Move move = next(world);
      if (move instanceof Move.Settle(End end)) {
        return new RunScript(way.edges(), world, end);
      }
      way = way.then(new Edge(world, move, Adversary.answers(world, move).getFirst(), Kind.MOVE));
    }
    throw new Walk.Violation("no end in reach", way.world(), next(way.world()));
  }

  private static Move next(RunState world) {
    Move move = Plan.next(world.facts());
    Rules.broken(world, move)
        .ifPresent(
            rule -> {
              throw new Walk.Violation(rule, world, move);
            });
    return move;
  }

  private static List<Edge> edgesFrom(RunState world) {
    Move move = next(world);
    List<Edge> all = new ArrayList<>();
    for (RunState to : Adversary.answers(world, move)) {
      if (to.crashes() == world.crashes()) {
        all.add(new Edge(world, move, to, Kind.MOVE));
      } else {
        all.add(new Edge(world, move, to, Kind.DIES_IN_THE_CALL));
        all.add(new Edge(world, move, to, Kind.DIES_BEFORE_THE_COMMIT));
      }
    }
    // An end and that of its run share a commit: nobody dies between them
    boolean isOver =
        world.log().stream()
            .anyMatch(fact -> fact instanceof Fact.Ended ended && !world.isCheckedAfter(ended));
    if (world.crashes() > 0 && !isOver) {
      for (Kind kind : deaths(world, move)) {
        all.add(new Edge(world, move, world.crashed(), kind));
      }
    }
    for (RunState to : Adversary.events(world)) {
      Kind kind = event(world, to);
      if (kind != Kind.DIES_BETWEEN_MOVES || !isOver) {
        all.add(new Edge(world, move, to, kind));
      }
    }
    return all;
  }

  private static Kind event(RunState from, RunState to) {
    if (to.changes() < from.changes()) {
      return Kind.DIES_BETWEEN_MOVES;
    }
    return to.log().size() == from.log().size() ? Kind.EVENT : Kind.STOP_REQUESTED;
  }

  /** Where the process can die so that nothing but the process is gone. */
  private static List<Kind> deaths(RunState world, Move move) {
    return switch (move) {
      case Move.Start(String target) when !world.isLost(target) ->
          List.of(Kind.DIES_BETWEEN_MOVES, Kind.DIES_BEFORE_THE_INTENT);
      case Move.Start _, Move.Conclude _, Move.AwaitHost _, Move.Detach _, Move.Settle _ ->
          List.of(Kind.DIES_BETWEEN_MOVES, Kind.DIES_BEFORE_THE_COMMIT);
      case Move.LookUp _, Move.Poll _, Move.Check _, Move.Stop _ ->
          List.of(Kind.DIES_BETWEEN_MOVES, Kind.DIES_IN_THE_CALL, Kind.DIES_BEFORE_THE_COMMIT);
      case Move.Wait _ -> List.of(Kind.DIES_BETWEEN_MOVES, Kind.DIES_IN_THE_CALL);
    };
  }
}
