package dev.slipway.model;

import java.time.Duration;

/** What a target sees when it looks at a deploy that it started. */
public sealed interface PollResult {
  /**
   * The deploy goes on.
   *
   * @param phase the provider's own word for where it is
   * @param again when it is worth looking again; zero where the look itself waits
   */
  record Going(String phase, Duration again) implements PollResult {}

  /** The deploy has ended; this end is the deployment's end. */
  record Over(End end) implements PollResult {}

  /** The provider could not be asked; the deploy itself may be fine. */
  record Unseen(String reason, Duration again) implements PollResult {}

  /** Nobody looked, for too many are looked at already: this is no look, and tells nothing. */
  record NotYet(Duration again) implements PollResult {}
}
