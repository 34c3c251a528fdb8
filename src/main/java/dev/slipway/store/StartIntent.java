package dev.slipway.store;

import dev.slipway.model.Fact;

/**
 * The intent to start a target, stored with the commit that leases the run to the worker.
 *
 * @param fact says that it will make a call, which it makes right after that commit
 * @param lines that the log has about it
 */
public record StartIntent(Fact.Intended fact, String lines) {
  /** Says that the call was never made. */
  Fact withdrawal() {
    return new Fact.Busy(fact.at(), fact.target(), "Slipway did not come to ask it", fact.at());
  }
}
