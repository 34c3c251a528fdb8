package dev.slipway.store;

import dev.slipway.model.End;
import dev.slipway.model.Fact;

/** What came of the wish to cancel a deployment. */
public sealed interface CancelResult {
  /** Whether anything was changed. */
  default boolean hasEffect() {
    return this instanceof Ended || this instanceof Requested;
  }

  /** It waited, and has ended. */
  record Ended(End end) implements CancelResult {}

  /** It runs, and is to stop; it may still succeed before it can be stopped. */
  record Requested() implements CancelResult {}

  /** It was to stop already; nothing was changed. */
  record AlreadyRequested(Fact.StopRequested first) implements CancelResult {}

  /** It had ended before; nothing was changed. */
  record TooLate(End end) implements CancelResult {}
}
