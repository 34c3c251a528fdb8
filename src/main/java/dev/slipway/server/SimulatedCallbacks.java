package dev.slipway.server;

import dev.slipway.model.Attempt;
import dev.slipway.targets.Callbacks;
import java.util.Optional;

/**
 * Callback addresses for an operator to look at: without a key, so nothing ever comes there.
 *
 * @param base the public address
 */
record SimulatedCallbacks(String base) implements Callbacks {
  private static final String NO_KEY = "***";

  @Override
  public Callback of(Attempt attempt) {
    return new Callback(StoredCallbacks.address(base, attempt, NO_KEY), NO_KEY);
  }

  @Override
  public Optional<String> received(Attempt attempt) {
    return Optional.empty();
  }
}
