package dev.slipway.model;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A target that the configuration has pointed at another destination, or lost, since it was called.
 * A deploy that was started at the old destination can neither be looked up at the new one nor be
 * passed over.
 */
record ReconfiguredTarget(ChainEntry entry, AttemptFacts attempt, @Nullable Verdict verdict) {
  /** The move that comes before all others; empty when the destination is unchanged. */
  Optional<Move> next(Instant now, Optional<Fact.StopRequested> request) {
    return attempt
        .last(Fact.Intended.class)
        .filter(intended -> !intended.destination().equals(entry.destination()))
        .filter(_ -> !isDecided(request))
        .map(
            intended ->
                switch (verdict) {
                  case Verdict.Accepted _ -> await(intended, now, request);
                  case null -> outcomeUnknown(intended, "");
                  case Verdict other -> outcomeUnknown(intended, other.reason() + ". ");
                });
  }

  private boolean isDecided(Optional<Fact.StopRequested> request) {
    boolean isGivenUp =
        request.isEmpty()
            && attempt.last(Fact.StopSent.class).filter(Fact.StopSent::isDone).isPresent();
    return isGivenUp
        || attempt.last() instanceof Fact.Busy
        || attempt.last(Fact.Ended.class).isPresent();
  }

  private Move outcomeUnknown(Fact.Intended intended, String why) {
    return new Move.Settle(
        new End.Errored(
            "Outcome unknown at %s: %s%s. Look at %s before you deploy again"
                .formatted(entry.target(), why, changed(intended), intended.destination())));
  }

  private String changed(Fact.Intended intended) {
    return entry.destination() == null
        ? "It was to start at %s, and the configuration no longer has this target"
            .formatted(intended.destination())
        : "It was to start at %s, and the configuration now says %s"
            .formatted(intended.destination(), entry.destination());
  }

  private Move await(Fact.Intended intended, Instant now, Optional<Fact.StopRequested> request) {
    if (!(attempt.last() instanceof Fact.Detached)) {
      return new Move.Detach(entry.target(), changed(intended));
    }
    Instant deadline = attempt.last(Fact.Judged.class).orElseThrow().at().plus(intended.total());
    return now.isBefore(deadline)
        ? new Move.Wait(deadline)
        : new Move.Settle(outOfTime(intended, request));
  }

  /** It may be live, whoever wanted it to stop: nobody could be asked to stop it. */
  private End outOfTime(Fact.Intended intended, Optional<Fact.StopRequested> request) {
    String unseen =
        "could not be followed for %s: %s. Look at %s"
            .formatted(
                DurationFormat.format(intended.total()), changed(intended), intended.destination());
    return new End.Errored(
        request
            .map(
                requested ->
                    "Outcome unknown at %s: %s, and %s"
                        .formatted(entry.target(), requested.words(), unseen))
            .orElse("C" + unseen.substring(1)));
  }
}
