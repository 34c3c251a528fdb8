package dev.slipway.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** A target whose command may run on another host, the only one from which it can be seen. */
record RemoteHostPlan(ChainEntry entry, AttemptFacts attempt) {
  /** What to do instead of anything else, while nothing is decided and the host is away. */
  Optional<Move> next(Instant now) {
    return otherHost().map(host -> await(host.name(), now));
  }

  private Optional<CommandHost> otherHost() {
    CommandHost here = entry.here();
    return here == null || isDecided()
        ? Optional.empty()
        : attempt.all().stream()
            .filter(Fact.Intended.class::isInstance)
            .map(fact -> ((Fact.Intended) fact).host())
            .filter(Objects::nonNull)
            .reduce((_, later) -> later)
            .filter(host -> !host.id().equals(here.id()));
  }

  private boolean isDecided() {
    return switch (attempt.last()) {
      case null -> true;
      case Fact.Busy _, Fact.Ended _, Fact.Checked _ -> true;
      case Fact.StopSent stopped -> stopped.isDone();
      default -> false;
    };
  }

  private Move await(String host, Instant now) {
    if (!(attempt.last() instanceof Fact.HostAway away)) {
      return new Move.AwaitHost(entry.target(), host);
    }
    Instant limit = away.at().plus(entry.limits().lookup());
    return now.isBefore(limit) ? new Move.Wait(limit) : new Move.Settle(unknown(host));
  }

  private End unknown(String host) {
    return new End.Errored(
        "Interrupted; outcome unknown: %s was started on %s, which has been away for %s. Look there before you deploy again"
            .formatted(entry.target(), host, DurationFormat.format(entry.limits().lookup())));
  }
}
