package dev.slipway.model;

import java.time.Instant;
import java.util.List;

/**
 * The whole input of {@link Plan#next}.
 *
 * @param now the time of the question
 * @param chain the targets of the run in their order
 * @param facts the facts so far
 */
public record PlanInput(Instant now, List<ChainEntry> chain, RunFacts facts) {
  public PlanInput {
    chain = List.copyOf(chain);
  }
}
