package dev.slipway.targets;

import dev.slipway.model.Attempt;

/** Knows whose a deploy at a provider is, so that none is taken for that of two runs. */
@FunctionalInterface
public interface AcceptedDeploys {
  /** Where no other run is known. */
  AcceptedDeploys NONE = (_, _) -> false;

  /**
   * Whether another run than that of the attempt was given the deploy, by an answer or by a lookup.
   *
   * @param id the provider's own id of the deploy
   */
  boolean isOfAnotherRun(Attempt attempt, String id);
}
