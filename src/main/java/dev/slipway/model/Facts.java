package dev.slipway.model;

import java.time.Instant;
import java.util.List;

/**
 * Everything that {@link Plan#next} may look at.
 *
 * @param now the time of the question
 * @param chain the targets of the run in their order
 * @param log what happened so far, oldest first
 */
public record Facts(Instant now, List<Step> chain, List<Fact> log) {
  public Facts {
    chain = List.copyOf(chain);
    log = List.copyOf(log);
  }

  List<Fact.OfTarget> of(String target) {
    return log.stream()
        .filter(Fact.OfTarget.class::isInstance)
        .map(Fact.OfTarget.class::cast)
        .filter(fact -> fact.target().equals(target))
        .toList();
  }
}
