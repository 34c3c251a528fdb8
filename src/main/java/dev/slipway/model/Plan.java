package dev.slipway.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens next in a run, from the stored facts and nothing else. Recovery after a
 * crash is the same question asked again.
 *
 * <p>The rule that everything else serves: the chain goes on to the next target only when the one
 * before surely did not start a deploy.
 */
public final class Plan {
  private Plan() {}

  /** The next move of a run that has not been settled. */
  public static Move next(PlanInput facts) {
    Optional<Fact.StopRequested> request = facts.facts().stopRequest();
    for (ChainEntry entry : facts.chain()) {
      TargetPlan target = TargetPlan.of(entry, facts.facts());
      if (target.isPassed()) {
        continue;
      }
      if (request.isPresent() && target.surelyStartedNothing()) {
        return new Move.Settle(request.get().end(""));
      }
      return target.next(facts.now(), request);
    }
    return new Move.Settle(new End.Errored(nothingStarted(facts)));
  }

  private static String nothingStarted(PlanInput facts) {
    String reasons =
        facts.chain().stream()
            .map(entry -> TargetPlan.of(entry, facts.facts()))
            .filter(target -> !(target.verdict() instanceof Verdict.Skipped))
            .map(target -> target.entry().target() + ": " + target.reason())
            .collect(Collectors.joining("; "));
    return reasons.isEmpty()
        ? "No target is configured for this route"
        : "No target started a deploy. " + reasons;
  }

  /** The state of one target of the chain, by the facts. */
  private record TargetPlan(ChainEntry entry, AttemptFacts attempt, @Nullable Verdict verdict) {
    static TargetPlan of(ChainEntry entry, RunFacts log) {
      AttemptFacts attempt = log.attempt(entry.target());
      return new TargetPlan(entry, attempt, attempt.verdict());
    }

    String target() {
      return entry.target();
    }

    String reason() {
      return verdict == null ? "not tried" : verdict.reason();
    }

    boolean isPassed() {
      return verdict instanceof Verdict.Skipped || verdict instanceof Verdict.Refused;
    }

    boolean surelyStartedNothing() {
      return verdict == null && (attempt.isEmpty() || attempt.isWaiting());
    }

    Move next(Instant now, Optional<Fact.StopRequested> request) {
      Optional<Move> unreachable =
          new RemoteHostPlan(entry, attempt)
              .next(now)
              .or(() -> new ReconfiguredTarget(entry, attempt, verdict).next(now, request));
      if (unreachable.isPresent()) {
        return unreachable.get();
      }
      return switch (verdict) {
        case null -> toStart(now);
        case Verdict.Unknown unknown -> toLookUp(unknown, now, request);
        case Verdict.Accepted accepted -> toFollow(accepted, now, request);
        case Verdict.Skipped _, Verdict.Refused _ ->
            throw new IllegalStateException("a passed target has no next move: " + target());
      };
    }

    private Move toStart(Instant now) {
      return switch (attempt.last()) {
        case null -> new Move.Start(target());
        case Fact.Busy busy -> afterBusy(busy, now);
        // Every call is followed by a fact about its answer, so only a crash leaves the intent last
        case Fact.OfTarget _ ->
            new Move.Conclude(
                target(),
                new Verdict.Unknown("Slipway stopped after the request may have been sent", true));
      };
    }

    private Move afterBusy(Fact.Busy busy, Instant now) {
      Instant limit = attempt.since().orElseThrow().plus(entry.limits().start());
      if (busy.until().isAfter(limit)) {
        return new Move.Conclude(
            target(),
            new Verdict.Refused(
                "busy, and not worth asking again within %s: %s"
                    .formatted(DurationFormat.format(entry.limits().start()), busy.reason())));
      }
      return now.isBefore(busy.until()) ? new Move.Wait(busy.until()) : new Move.Start(target());
    }

    private Move toLookUp(
        Verdict.Unknown unknown, Instant now, Optional<Fact.StopRequested> request) {
      Instant since = judgedAt();
      if (!(attempt.last() instanceof Fact.LookedUp looked)) {
        return new Move.LookUp(target());
      }
      Duration looking = Duration.between(since, looked.at());
      Move again =
          now.isBefore(looked.until()) ? new Move.Wait(looked.until()) : new Move.LookUp(target());
      return switch (looked.result()) {
        case LookupResult.CannotKnow(String reason) -> outcomeUnknown(unknown, reason);
        case LookupResult.NotThere(String reason, _) ->
            looking.compareTo(entry.limits().grace()) < 0
                ? again
                : absent(unknown, reason, request);
        case LookupResult.Unreachable(String reason, _) ->
            looking.compareTo(entry.limits().lookup()) < 0
                ? again
                : outcomeUnknown(unknown, reason);
        // Found is followed by a verdict in the same commit; a lone one is concluded from
        case LookupResult.Found(String id, String reason) ->
            new Move.Conclude(target(), new Verdict.Accepted(id, reason));
      };
    }

    /**
     * Nothing was started. The target may be sound, and only Slipway have stopped before it could
     * ask: then it is asked once more, for absence is the proof that lets the next target run, too.
     */
    private Move absent(
        Verdict.Unknown unknown, String reason, Optional<Fact.StopRequested> request) {
      if (request.isPresent()) {
        return new Move.Settle(request.get().end(""));
      }
      return unknown.interrupted() && !attempt.isRepeated()
          ? new Move.Start(target())
          : new Move.Conclude(target(), new Verdict.Refused(unknown.reason() + "; " + reason));
    }

    private Move outcomeUnknown(Verdict.Unknown unknown, String toCheck) {
      return new Move.Settle(
          new End.Errored(
              "Outcome unknown at " + target() + ": " + unknown.reason() + ". " + toCheck));
    }

    private Move toFollow(
        Verdict.Accepted accepted, Instant now, Optional<Fact.StopRequested> request) {
      Optional<Fact.StopSent> stopped = attempt.last(Fact.StopSent.class);
      Optional<Fact.Ended> ended = attempt.last(Fact.Ended.class);
      if (ended.isPresent()) {
        return afterEnd(ended.get(), now, stopped, request);
      }
      if (stopped.isPresent() && isToBeRepeated(stopped.get(), request)) {
        return toRepeat(stopped.get(), accepted, now, request);
      }
      if (stopped.isPresent() && request.isEmpty()) {
        return new Move.Settle(outOfTime(stopped.get()));
      }
      if (stopped.isEmpty() && request.isPresent()) {
        return stop(accepted, request.get().stopReason(), request.get().words());
      }
      // A stop is only a request: such a deploy is still followed to its own end
      Optional<StopReason> exceeded = exceeded(now);
      if (exceeded.isPresent()) {
        return stopped.isPresent()
            ? new Move.Settle(endNotSeen(request.orElseThrow(), stopped.get()))
            : stop(accepted, exceeded.get(), limit(exceeded.get()));
      }
      return now.isBefore(nextLook())
          ? new Move.Wait(earliest(nextLook(), deadline(), stall()))
          : new Move.Poll(target(), accepted.id());
    }

    /** What was asked for by somebody is asked for as long as the deploy may run. */
    private boolean isToBeRepeated(Fact.StopSent stopped, Optional<Fact.StopRequested> request) {
      Instant first = attempt.first(Fact.StopSent.class).orElseThrow().at();
      return !stopped.isDone()
          && (stopped.at().isBefore(first.plus(entry.limits().lookup()))
              || (request.isPresent() && stopped.at().isBefore(deadline())));
    }

    /** Between two requests to stop, the deploy is followed: one that was lost may have worked. */
    private Move toRepeat(
        Fact.StopSent stopped,
        Verdict.Accepted accepted,
        Instant now,
        Optional<Fact.StopRequested> request) {
      Instant again = Objects.requireNonNull(stopped.until());
      if (!now.isBefore(again)) {
        return stop(
            accepted,
            stopped.reason(),
            request.map(Fact.StopRequested::words).orElseGet(() -> limit(stopped.reason())));
      }
      return now.isBefore(nextLook())
          ? new Move.Wait(earliest(nextLook(), again))
          : new Move.Poll(target(), accepted.id());
    }

    /**
     * What went live may be checked before that is told. Whoever stops the run wants its queue: the
     * deploy is live, and that is what is told.
     */
    private Move afterEnd(
        Fact.Ended ended,
        Instant now,
        Optional<Fact.StopSent> stopped,
        Optional<Fact.StopRequested> request) {
      return ended.end() instanceof End.Succeeded live
              && !entry.limits().check().isZero()
              && request.isEmpty()
          ? toCheck(live, ended.at().plus(entry.limits().check()), now)
          : new Move.Settle(end(ended.end(), stopped, request));
    }

    private Move toCheck(End.Succeeded live, Instant limit, Instant now) {
      Optional<Fact.Checked> last = attempt.last(Fact.Checked.class);
      if (last.isEmpty()) {
        return new Move.Check(target());
      }
      Fact.Checked checked = last.get();
      return switch (checked.result()) {
        case LiveCheckResult.Passed(String seen) ->
            new Move.Settle(new End.Succeeded(live.environmentUrl(), live.reason() + "; " + seen));
        case LiveCheckResult.NotYet(String seen, _) when isReached(limit, checked.until(), now) ->
            new Move.Settle(
                new End.Failed(
                    "Live, but not passing its check for %s: %s"
                        .formatted(DurationFormat.format(entry.limits().check()), seen)));
        case LiveCheckResult.NotYet _ ->
            now.isBefore(checked.until())
                ? new Move.Wait(earliest(checked.until(), limit))
                : new Move.Check(target());
      };
    }

    private Move stop(Verdict.Accepted accepted, StopReason reason, String words) {
      return new Move.Stop(target(), accepted.id(), reason, words);
    }

    private String limit(StopReason reason) {
      return reason == StopReason.NO_PROGRESS
          ? "no progress for " + DurationFormat.format(entry.limits().noProgress())
          : "not finished after " + DurationFormat.format(entry.limits().total());
    }

    /**
     * A deploy that was stopped ends as its request or its limit says, unless it went live before
     * that.
     */
    private End end(
        End end, Optional<Fact.StopSent> stopped, Optional<Fact.StopRequested> request) {
      if (end instanceof End.Succeeded || stopped.isEmpty()) {
        return end;
      }
      Fact.StopSent sent = stopped.get();
      String outcome = sent.isDone() ? sent.outcome() : seenAfterStop(end);
      return request
          .map(requested -> requested.end(outcome))
          .orElseGet(() -> outOfTime(sent.reason(), outcome));
    }

    /** A target that was not heard to stop its deploy shows by its end whether it did. */
    private String seenAfterStop(End end) {
      return end instanceof End.Cancelled ? "stopped at " + target() : end.reason();
    }

    /**
     * A deploy may have ended since the last poll: only a poll at the limit or later may stop it.
     */
    private Optional<StopReason> exceeded(Instant now) {
      if (isReached(deadline(), nextLook(), now)) {
        return Optional.of(StopReason.DEADLINE);
      }
      return isReached(stall(), nextLook(), now)
          ? Optional.of(StopReason.NO_PROGRESS)
          : Optional.empty();
    }

    private Instant deadline() {
      return judgedAt().plus(entry.limits().total());
    }

    private Instant stall() {
      return progressAt().plus(entry.limits().noProgress());
    }

    private static Instant earliest(Instant... instants) {
      return Stream.of(instants).min(Comparator.naturalOrder()).orElseThrow();
    }

    private static boolean isReached(Instant limit, Instant look, Instant now) {
      return !now.isBefore(limit) && !look.isBefore(limit);
    }

    private Instant nextLook() {
      return switch (attempt.last()) {
        case Fact.Seen seen -> seen.until();
        case Fact.Unseen unseen -> unseen.until();
        case null, default -> Instant.MIN;
      };
    }

    /** When the phase began in which the deploy was last seen, or when it was accepted. */
    private Instant progressAt() {
      Instant since = judgedAt();
      String phase = "";
      for (Fact.OfTarget fact : attempt.all()) {
        if (fact instanceof Fact.Seen seen && !seen.phase().equals(phase)) {
          phase = seen.phase();
          since = seen.at();
        }
      }
      return since;
    }

    /** It may have gone live, whatever the provider said to the stop. */
    private End endNotSeen(Fact.StopRequested request, Fact.StopSent stopped) {
      return new End.Errored(
          "Outcome unknown at %s: %s; %s, and its end was not seen"
              .formatted(target(), request.words(), stopped.outcome()));
    }

    private End outOfTime(Fact.StopSent stopped) {
      return outOfTime(stopped.reason(), stopped.outcome());
    }

    private End outOfTime(StopReason reason, String outcome) {
      boolean stalled = reason == StopReason.NO_PROGRESS;
      String limit =
          DurationFormat.format(stalled ? entry.limits().noProgress() : entry.limits().total());
      Optional<Fact.Seen> seen = attempt.last(Fact.Seen.class);
      if (seen.isEmpty()) {
        return new End.Errored("Could not be followed for " + limit + "; " + outcome);
      }
      return new End.Failed(
          stalled
              ? "No progress for " + limit + " (" + seen.get().phase() + "); " + outcome
              : "Not finished after " + limit + "; " + outcome);
    }

    private Instant judgedAt() {
      return attempt.last(Fact.Judged.class).orElseThrow().at();
    }
  }
}
