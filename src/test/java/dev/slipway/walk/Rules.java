package dev.slipway.walk;

import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.Move;
import dev.slipway.model.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a move must never be, given what is true. */
final class Rules {
  private static final int MOST_ATTEMPTS = 2;

  private Rules() {}

  /** The rule that a move breaks. */
  static Optional<String> broken(RunState world, Move move) {
    return Stream.of(RunState.PROVIDER, RunState.COMMAND)
        .flatMap(target -> repeated(world, target, move).stream())
        .findFirst()
        .or(() -> byKind(world, move));
  }

  /** A stop that was not answered is sent again, for as long as a doubt is looked up. */
  private static Optional<String> repeated(RunState world, String target, Move move) {
    List<Fact.OfTarget> log = log(world, target);
    List<Fact.StopSent> stops =
        log.stream()
            .filter(Fact.StopSent.class::isInstance)
            .map(Fact.StopSent.class::cast)
            .toList();
    if (stops.isEmpty()
        || stops.getLast().isDone()
        || log.stream().anyMatch(Fact.Ended.class::isInstance)
        || look(world, target).isPresent()) {
      return Optional.empty();
    }
    Instant limit = stops.getFirst().at().plusSeconds(60L * RunState.LOOKUP);
    boolean isOver = !stops.getLast().at().isBefore(limit);
    boolean isDue = !world.now().isBefore(stops.getLast().until());
    return !isOver && (isDue ? !(move instanceof Move.Stop) : move instanceof Move.Settle)
        ? Optional.of("a stop without an answer that is not sent again")
        : Optional.empty();
  }

  private static Optional<String> byKind(RunState world, Move move) {
    return switch (move) {
      case Move.Start(String target) -> start(world, target);
      case Move.LookUp(String target) -> look(world, target);
      case Move.Poll(String target, _) -> look(world, target);
      case Move.Stop(String target, _, _, _) -> look(world, target);
      case Move.Check _ ->
          isSeenLive(world) ? Optional.empty() : Optional.of("a check of what is not live");
      case Move.Settle(End end) -> settle(world, end);
      case Move.Conclude _, Move.AwaitHost _, Move.Detach _, Move.Wait _ -> Optional.empty();
    };
  }

  private static Optional<String> start(RunState world, String target) {
    if (!world.deploys().isEmpty()) {
      return Optional.of("a second start where one has happened");
    }
    if (world.isToStop()) {
      return Optional.of("a start of what is to stop");
    }
    List<Fact.OfTarget> log = log(world, target);
    boolean isSameAttempt = !log.isEmpty() && log.getLast() instanceof Fact.Busy;
    return !isSameAttempt && attempts(world, target) >= MOST_ATTEMPTS
        ? Optional.of("a third attempt at one target")
        : Optional.empty();
  }

  private static int attempts(RunState world, String target) {
    List<Fact.OfTarget> log = log(world, target);
    int count = 0;
    for (int i = 0; i < log.size(); i++) {
      if (log.get(i) instanceof Fact.Intended
          && (i == 0 || !(log.get(i - 1) instanceof Fact.Busy))) {
        count++;
      }
    }
    return count;
  }

  private static List<Fact.OfTarget> log(RunState world, String target) {
    return world.log().stream()
        .filter(Fact.OfTarget.class::isInstance)
        .map(Fact.OfTarget.class::cast)
        .filter(fact -> fact.target().equals(target))
        .toList();
  }

  private static Optional<String> look(RunState world, String target) {
    return log(world, target).stream()
        .filter(Fact.Intended.class::isInstance)
        .map(fact -> ((Fact.Intended) fact).destination())
        .reduce((_, later) -> later)
        .filter(where -> !where.equals(world.where(target)))
        .map(where -> "a look at " + world.where(target) + " for what was asked of " + where);
  }

  private static Optional<String> settle(RunState world, End end) {
    if (isSeenLive(world) && !(end instanceof End.Succeeded) && !isCheckOver(world, end)) {
      return Optional.of("a live deploy that is told as " + end);
    }
    return switch (end) {
      case End.Succeeded _ ->
          isAny(world, RunState.State.SUCCEEDED)
              ? Optional.empty()
              : Optional.of("a success without a live deploy");
      case End.Cancelled _, End.Superseded _ when isAtLarge(world) ->
          Optional.of("an end while what is to stop goes on");
      case End.Superseded _ ->
          isAny(world, Fact.Replaced.class)
              ? Optional.empty()
              : Optional.of("superseded by nothing");
      case End.Cancelled(String reason) ->
          reason.startsWith("Cancelled by") && !isAny(world, Fact.CancelRequested.class)
              ? Optional.of("cancelled by nobody")
              : Optional.empty();
      case End.Destroyed _ -> Optional.of("destroyed by a run that deploys");
      case End.Failed _ ->
          isAtLarge(world) ? Optional.of("a failure while the deploy goes on") : Optional.empty();
      case End.Errored(String reason) ->
          reason.startsWith("No target started") && !world.deploys().isEmpty()
              ? Optional.of("nothing started, it says, and something did")
              : Optional.empty();
    };
  }

  /** What is live has not passed its check in the time that it has for that. */
  private static boolean isCheckOver(RunState world, End end) {
    return end instanceof End.Failed
        && world.log().getLast() instanceof Fact.Checked checked
        && checked.result() instanceof LiveCheckResult.NotYet
        && world.log().stream()
            .anyMatch(
                fact ->
                    fact instanceof Fact.Ended ended
                        && !world.now().isBefore(ended.at().plusSeconds(60L * RunState.CHECK)));
  }

  private static boolean isAny(RunState world, Class<? extends Fact> kind) {
    return world.log().stream().anyMatch(kind::isInstance);
  }

  private static boolean isSeenLive(RunState world) {
    return world.log().stream()
        .anyMatch(fact -> fact instanceof Fact.Ended ended && ended.end() instanceof End.Succeeded);
  }

  private static boolean isAny(RunState world, RunState.State state) {
    return world.deploys().stream().anyMatch(deploy -> deploy.state() == state);
  }

  /** Before its time is over, and nobody has seen it end. */
  private static boolean isAtLarge(RunState world) {
    boolean goesOn = isAny(world, RunState.State.RUNNING) || isAny(world, RunState.State.COMING);
    return goesOn
        && world.log().stream()
            .filter(Fact.Judged.class::isInstance)
            .map(Fact.Judged.class::cast)
            .filter(judged -> judged.verdict() instanceof Verdict.Accepted)
            .noneMatch(
                judged -> !world.now().isBefore(judged.at().plusSeconds(60L * RunState.TOTAL)));
  }
}
