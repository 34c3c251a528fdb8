package dev.slipway.model;

import java.time.Duration;

/** The result of polling a deploy that the target started. */
public sealed interface PollResult {
  /**
   * The deploy goes on.
   *
   * @param phase the provider's own word for its state
   * @param again the time until the next poll; zero where the poll itself waits
   */
  record Going(String phase, Duration again) implements PollResult {}

  /** The deploy has ended; this end is the deployment's end. */
  record Over(End end) implements PollResult {}

  /** The provider could not be asked; the deploy itself may be fine. */
  record Unseen(String reason, Duration again) implements PollResult {}

  /** The deploy was not polled, for too many polls run already; its state is unchanged. */
  record NotYet(Duration again) implements PollResult {}
}
