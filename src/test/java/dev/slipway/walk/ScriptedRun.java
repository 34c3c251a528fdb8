package dev.slipway.walk;

import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.LookupResult;
import dev.slipway.model.Move;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one real run go as its script says: it is what the run asks for the time, calls and waits
 * for. A process dies here by an exception that nobody in the loop takes for anything else.
 */
final class ScriptedRun {
  private final RunScript script;
  private final Consumer<Fact.StopRequested> requestStop;
  private int at;
  private int starts;
  private int deaths;
  private boolean moving;
  private boolean intended;
  private boolean commitsNothing;
  private boolean toStop;
  private boolean ended;
  private @Nullable String failure;

  /**
   * @param requestStop stores the request and wakes the run
   */
  ScriptedRun(RunScript script, Consumer<Fact.StopRequested> requestStop) {
    this.script = script;
    this.requestStop = requestStop;
  }

  /** What the run did that the script does not know, if it did. */
  synchronized @Nullable String failure() {
    return failure;
  }

  private boolean isOver() {
    return at == script.edges().size();
  }

  /** Whether all of the script has happened, and the end is written down or is about to be. */
  synchronized boolean hasEnded() {
    return ended;
  }

  synchronized int deaths() {
    return deaths;
  }

  RunScript script() {
    return script;
  }

  private RunState world() {
    return isOver() ? script.last() : script.edges().get(at).from();
  }

  /** How the process is configured that has the run now. */
  synchronized RunState configured() {
    toNextMove();
    return world();
  }

  synchronized Instant now() {
    toNextMove();
    Instant now = world().now();
    if (commitsNothing) {
      // No commit follows, or that of the end, so the move is over
      commitsNothing = false;
      requestStopAhead();
      made();
    }
    return now;
  }

  /** Is asked right before each commit. */
  synchronized Instant commits() {
    Instant now = world().now();
    if (!moving) {
      return now;
    }
    if (isOver()) {
      ended = true;
      return now;
    }
    RunScript.Edge edge = edge();
    boolean isIntent =
        edge.move() instanceof Move.Start(String target)
            && !edge.from().isLost(target)
            && !intended;
    if (isIntent) {
      dieIf(RunScript.Kind.DIES_BEFORE_THE_INTENT);
      intended = true;
      return now;
    }
    dieIf(RunScript.Kind.DIES_BEFORE_THE_COMMIT);
    expect(edge.kind() == RunScript.Kind.MOVE, "a commit");
    requestStopAhead();
    made();
    return now;
  }

  synchronized void waits(Instant until) {
    expect(edge().move().equals(new Move.Wait(until)), "a wait until " + until);
    dieIf(RunScript.Kind.DIES_IN_THE_CALL);
    requestStopAhead();
    made();
  }

  synchronized StartAnswer start(String target) {
    expect(edge().move().equals(new Move.Start(target)) && intended, "a start of " + target);
    RunState to = edge().to();
    boolean hasEffect = to.deploys().size() > edge().from().deploys().size();
    expect(starts == 0, "a second start");
    starts += hasEffect ? 1 : 0;
    if (hasEffect && target.equals(RunState.COMMAND)) {
      // Its start is not written down at once
      dieIf(RunScript.Kind.DIES_BEFORE_THE_COMMIT);
    }
    if (edge().kind() == RunScript.Kind.DIES_BEFORE_THE_COMMIT) {
      return hasEffect ? new Verdict.Accepted("dep-1", "") : new Verdict.Refused("lost");
    }
    dieIf(RunScript.Kind.DIES_IN_THE_CALL);
    commitsNothing = isUnwritten(to);
    return switch (to.log().getLast()) {
      case Fact.Judged(_, _, Verdict verdict) -> verdict;
      case Fact.Busy busy ->
          new StartAnswer.Busy(busy.reason(), Duration.between(busy.at(), busy.until()));
      case Fact fact -> throw unknown(fact);
    };
  }

  synchronized LookupResult find(String target) {
    expect(edge().move().equals(new Move.LookUp(target)), "a look for " + target);
    dieIf(RunScript.Kind.DIES_IN_THE_CALL);
    if (edge().kind() == RunScript.Kind.DIES_BEFORE_THE_COMMIT) {
      return new LookupResult.CannotKnow("lost");
    }
    commitsNothing = isUnwritten(edge().to());
    return switch (edge().to().log().getLast()) {
      case Fact.Judged(_, _, Verdict.Accepted(String id, String reason)) ->
          new LookupResult.Found(id, reason);
      case Fact.LookedUp looked -> looked.result();
      case Fact fact -> throw unknown(fact);
    };
  }

  private static boolean isUnwritten(RunState world) {
    return world.onDisk().size() < world.log().size();
  }

  synchronized PollResult poll(String target, String id) {
    expect(edge().move().equals(new Move.Poll(target, id)), "a look at " + target);
    dieIf(RunScript.Kind.DIES_IN_THE_CALL);
    if (edge().kind() == RunScript.Kind.DIES_BEFORE_THE_COMMIT) {
      return new PollResult.Over(new End.Failed("lost"));
    }
    commitsNothing =
        edge().to().log().size() == edge().from().log().size()
            || (edge().to().log().getLast() instanceof Fact.Ended ended
                && !edge().from().isCheckedAfter(ended));
    return switch (edge().to().log().getLast()) {
      case Fact.Seen seen -> new PollResult.Going(seen.phase(), RunState.AGAIN);
      case Fact.Unseen unseen -> new PollResult.Unseen(unseen.reason(), RunState.AGAIN);
      case Fact.Ended ended -> new PollResult.Over(ended.end());
      case Fact fact -> throw unknown(fact);
    };
  }

  synchronized LiveCheckResult check(String target) {
    expect(edge().move().equals(new Move.Check(target)), "a check of " + target);
    dieIf(RunScript.Kind.DIES_IN_THE_CALL);
    if (edge().kind() == RunScript.Kind.DIES_BEFORE_THE_COMMIT) {
      return new LiveCheckResult.Passed("lost");
    }
    commitsNothing = edge().to().log().size() == edge().from().log().size();
    return edge().to().log().getLast() instanceof Fact.Checked checked
        ? checked.result()
        : new LiveCheckResult.Passed("lost");
  }

  synchronized StopResult stop(String target, String id) {
    expect(
        edge().move() instanceof Move.Stop stop
            && stop.target().equals(target)
            && stop.id().equals(id),
        "a stop of " + target);
    dieIf(RunScript.Kind.DIES_IN_THE_CALL);
    return edge().to().log().getLast() instanceof Fact.StopSent stopped
        ? stopped.isDone()
            ? new StopResult.Done(stopped.outcome())
            : new StopResult.NotYet(stopped.outcome(), RunState.AGAIN)
        : new StopResult.Done("lost");
  }

  /** What happens between two moves happens when the loop asks for the time, or a life begins. */
  private void toNextMove() {
    while (!moving && !isOver() && isBetweenMoves(edge().kind())) {
      dieIf(RunScript.Kind.DIES_BETWEEN_MOVES);
      if (edge().kind() == RunScript.Kind.STOP_REQUESTED) {
        requestStop(edge());
      }
      at++;
    }
    moving = true;
  }

  private static boolean isBetweenMoves(RunScript.Kind kind) {
    return switch (kind) {
      case EVENT, STOP_REQUESTED, DIES_BETWEEN_MOVES -> true;
      case MOVE, DIES_BEFORE_THE_INTENT, DIES_IN_THE_CALL, DIES_BEFORE_THE_COMMIT -> false;
    };
  }

  /**
   * The loop hears of it only before it asks for the time, and nobody is asked between the commit
   * and that: so it is written down before the commit, and heard after it.
   */
  private void requestStopAhead() {
    for (int i = at + 1; i < script.edges().size(); i++) {
      RunScript.Edge edge = script.edges().get(i);
      if (edge.kind() == RunScript.Kind.STOP_REQUESTED) {
        requestStop(edge);
      } else if (edge.kind() != RunScript.Kind.EVENT) {
        return;
      }
    }
  }

  private void requestStop(RunScript.Edge edge) {
    if (!toStop) {
      toStop = true;
      requestStop.accept((Fact.StopRequested) edge.to().log().getLast());
    }
  }

  private void made() {
    at++;
    moving = false;
    intended = false;
  }

  private RunScript.Edge edge() {
    expect(!isOver(), "more than the script has");
    return script.edges().get(at);
  }

  private void dieIf(RunScript.Kind kind) {
    if (edge().kind() == kind) {
      made();
      deaths++;
      throw ScriptedRun.<RuntimeException>died(new InterruptedException("the process dies"));
    }
  }

  private void expect(boolean asExpected, String what) {
    if (!asExpected) {
      throw unknown(what);
    }
  }

  private IllegalStateException unknown(Object what) {
    failure = what + " is not in the script at " + at + " of " + script.edges();
    throw ScriptedRun.<RuntimeException>died(new InterruptedException(failure));
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> IllegalStateException died(InterruptedException death)
      throws T {
    throw (T) death;
  }
}
