package dev.slipway.walk;

import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.LookupResult;
import dev.slipway.model.Move;
import dev.slipway.model.StopReason;
import dev.slipway.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that may come of a move, and all that may happen beside it. */
final class Adversary {
  private static final Duration AGAIN = RunState.AGAIN;
  private static final int LAST_MINUTE = 16;
  private static final String LOST =
      "route \"default\" no longer has a target " + RunState.PROVIDER;

  private Adversary() {}

  /** What becomes of the world when the worker makes this move: each way it can go. */
  static List<RunState> answers(RunState world, Move move) {
    return switch (move) {
      case Move.Start(String target) -> start(world, target);
      case Move.Conclude(String target, Verdict verdict) ->
          List.of(world.with(new Fact.Judged(world.now(), target, verdict)));
      case Move.LookUp(String target) -> resolve(world, target);
      case Move.Poll(String target, _) -> poll(world, target);
      case Move.Check(String target) ->
          List.of(
              world.with(
                  new Fact.Checked(
                      world.now(), target, new LiveCheckResult.Passed("200"), world.now())),
              notYet(world, target));
      case Move.Stop(String target, _, StopReason reason, _) -> stop(world, target, reason);
      case Move.AwaitHost(String target, String machine) ->
          List.of(world.with(new Fact.HostAway(world.now(), target, machine)));
      case Move.Detach(String target, String reason) ->
          List.of(world.with(new Fact.Detached(world.now(), target, reason)));
      case Move.Wait(Instant until) ->
          List.of(world.later((int) Duration.between(world.now(), until).toMinutes()));
      case Move.Settle _ -> List.of();
    };
  }

  /**
   * What may happen whatever the worker does; a newer deployment may come, too, or somebody may
   * cancel.
   */
  static List<RunState> events(RunState world) {
    List<RunState> all = new ArrayList<>();
    if (world.minute() < LAST_MINUTE) {
      all.add(world.later(1));
    }
    if (!world.isToStop()) {
      all.add(world.with(new Fact.Replaced(world.now(), "deployment 2")));
      all.add(world.with(new Fact.CancelRequested(world.now(), "ann", "wrong commit")));
    }
    if (world.changes() > 0) {
      for (String destination : new @Nullable String[] {"a", "b", null}) {
        all.add(world.changed(destination, world.host()));
      }
      all.add(world.changed(world.destination(), 3 - world.host()));
    }
    for (RunState.Deploy deploy : world.deploys()) {
      switch (deploy.state()) {
        case COMING -> all.add(world.in(deploy, RunState.State.RUNNING));
        case RUNNING -> {
          all.add(world.in(deploy, RunState.State.SUCCEEDED));
          all.add(world.in(deploy, RunState.State.FAILED));
        }
        case SUCCEEDED, FAILED, STOPPED -> {}
      }
    }
    return all;
  }

  private static List<RunState> start(RunState world, String target) {
    if (world.isLost(target)) {
      return List.of(judged(world, target, new Verdict.Skipped(LOST)));
    }
    RunState intended = world.with(world.intent(target));
    List<RunState> all = new ArrayList<>();
    all.add(
        judged(
            intended.asking(target, RunState.State.RUNNING),
            target,
            new Verdict.Accepted("dep-1", "")));
    all.add(judged(intended, target, new Verdict.Refused("401")));
    all.add(intended.with(new Fact.Busy(world.now(), target, "429", world.now().plus(AGAIN))));
    List<RunState> outcomes =
        List.of(
            intended,
            intended.asking(target, RunState.State.COMING),
            intended.asking(target, RunState.State.RUNNING));
    for (RunState outcome : outcomes) {
      all.add(judged(outcome, target, new Verdict.Unknown("no answer")));
      if (world.crashes() > 0) {
        all.add(outcome.crashed());
      }
    }
    return all;
  }

  private static RunState judged(RunState world, String target, Verdict verdict) {
    return world.with(new Fact.Judged(world.now(), target, verdict));
  }

  private static List<RunState> resolve(RunState world, String target) {
    Instant until = world.now().plus(AGAIN);
    RunState unreachable =
        looked(world, target, new LookupResult.Unreachable("down", AGAIN), until);
    RunState unknowable = looked(world, target, new LookupResult.CannotKnow("no key"), world.now());
    boolean isThere = world.deploy(target).filter(RunState.Deploy::isVisible).isPresent();
    RunState truth =
        isThere
            ? judged(world, target, new Verdict.Accepted("dep-1", "found"))
            : looked(world, target, new LookupResult.NotThere("nothing", AGAIN), until);
    return List.of(truth, unreachable, unknowable);
  }

  private static RunState looked(
      RunState world, String target, LookupResult finding, Instant until) {
    return world.with(new Fact.LookedUp(world.now(), target, finding, until));
  }

  private static List<RunState> poll(RunState world, String target) {
    RunState.Deploy deploy = world.deploy(target).orElseThrow();
    List<RunState> all = new ArrayList<>();
    all.add(unseen(world, target));
    switch (deploy.state()) {
      case COMING, RUNNING -> {
        RunState live = world.in(deploy, RunState.State.SUCCEEDED);
        all.addFirst(ended(live, target, new End.Succeeded(null, "live")));
        all.add(seen(world, target));
      }
      case SUCCEEDED -> all.add(ended(world, target, new End.Succeeded(null, "live")));
      case FAILED -> all.add(ended(world, target, new End.Failed("build failed")));
      case STOPPED -> all.add(ended(world, target, new End.Cancelled("stopped")));
    }
    return all;
  }

  private static RunState ended(RunState world, String target, End end) {
    return world.with(new Fact.Ended(world.now(), target, end));
  }

  private static RunState seen(RunState world, String target) {
    Instant until = world.now().plus(AGAIN);
    return world.log().getLast() instanceof Fact.Seen last
        ? world.withLast(new Fact.Seen(last.at(), target, "building", until))
        : world.with(new Fact.Seen(world.now(), target, "building", until));
  }

  static RunState unseen(RunState world, String target) {
    Instant until = world.now().plus(AGAIN);
    return world.log().getLast() instanceof Fact.Unseen last
        ? world.withLast(new Fact.Unseen(last.at(), target, "500", until))
        : world.with(new Fact.Unseen(world.now(), target, "500", until));
  }

  private static RunState notYet(RunState world, String target) {
    Instant until = world.now().plus(AGAIN);
    LiveCheckResult result = new LiveCheckResult.NotYet("503", AGAIN);
    return world.log().getLast() instanceof Fact.Checked last
        ? world.withLast(new Fact.Checked(last.at(), target, result, until))
        : world.with(new Fact.Checked(world.now(), target, result, until));
  }

  private static List<RunState> stop(RunState world, String target, StopReason reason) {
    RunState.Deploy deploy = world.deploy(target).orElseThrow();
    List<RunState> all = new ArrayList<>();
    all.add(world.with(new Fact.StopSent(world.now(), target, reason, "not stopped")));
    all.add(notStopped(world, target, reason));
    if (deploy.state() == RunState.State.RUNNING) {
      RunState stopped = world.in(deploy, RunState.State.STOPPED);
      all.add(stopped.with(new Fact.StopSent(world.now(), target, reason, "stopped")));
      all.add(notStopped(stopped, target, reason));
      if (world.crashes() > 0) {
        all.add(stopped.crashed());
      }
    }
    return all;
  }

  /** No answer came, whatever came of the request. */
  private static RunState notStopped(RunState world, String target, StopReason reason) {
    return world.with(
        new Fact.StopSent(world.now(), target, reason, "500", world.now().plus(AGAIN)));
  }

  /** Nobody helps: no answer ever comes, nothing ends, and time passes. */
  static RunState silence(RunState world, Move move) {
    return switch (move) {
      case Move.Start(String target) when !world.isLost(target) ->
          world
              .with(world.intent(target))
              .with(new Fact.Busy(world.now(), target, "429", world.now().plus(AGAIN)));
      case Move.LookUp(String target) ->
          looked(
              world, target, new LookupResult.Unreachable("down", AGAIN), world.now().plus(AGAIN));
      case Move.Poll(String target, _) -> unseen(world, target);
      case Move.Check(String target) -> notYet(world, target);
      case Move.Stop(String target, _, StopReason reason, _) -> notStopped(world, target, reason);
      default -> answers(world, move).getFirst();
    };
  }
}
