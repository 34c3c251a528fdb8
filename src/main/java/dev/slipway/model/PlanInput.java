package dev.slipway.model;

import java.time.Instant;
import java.util.List;

/**
 * Everything that {@link Plan#next} may look at.
 *
 * @param now the time of the question
 * @param chain the targets of the run in their order
 * @param log what happened so far
 */
public record PlanInput(Instant now, List<ChainEntry> chain, FactLog log) {
  public PlanInput {
    chain = List.copyOf(chain);
  }
}
