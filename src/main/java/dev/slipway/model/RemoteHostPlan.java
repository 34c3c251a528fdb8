package dev.slipway.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A target whose command may run on a machine that is not this one: only there it can be seen. */
record RemoteHostPlan(ChainEntry step, List<Fact.OfTarget> log) {
  /** What to do instead of anything else, while nothing is decided and the machine is away. */
  Optional<Move> next(Instant now) {
    return place().map(place -> await(place.machine(), now));
  }

  private Optional<CommandHost> place() {
    CommandHost here = step.here();
    return here == null || isDecided()
        ? Optional.empty()
        : log.stream()
            .filter(Fact.Intended.class::isInstance)
            .map(fact -> ((Fact.Intended) fact).place())
            .filter(Objects::nonNull)
            .reduce((_, later) -> later)
            .filter(place -> !place.id().equals(here.id()));
  }

  private boolean isDecided() {
    return log.isEmpty()
        || log.getLast() instanceof Fact.Busy
        || log.getLast() instanceof Fact.Stopped
        || log.getLast() instanceof Fact.Ended;
  }

  private Move await(String machine, Instant now) {
    if (!(log.getLast() instanceof Fact.HostAway away)) {
      return new Move.AwaitHost(step.target(), machine);
    }
    Instant limit = away.at().plus(step.limits().resolve());
    return now.isBefore(limit) ? new Move.Wait(limit) : new Move.Settle(unknown(machine));
  }

  private End unknown(String machine) {
    return new End.Errored(
        "Interrupted; outcome unknown: %s was started on %s, which has been away for %s. Look there before you deploy again"
            .formatted(step.target(), machine, Plan.words(step.limits().resolve())));
  }
}
