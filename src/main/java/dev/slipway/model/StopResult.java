package dev.slipway.model;

import java.time.Duration;

/** The result of asking a target to stop its deploy. */
public sealed interface StopResult {
  /** What came of it, as half a sentence for the final status: "cancelled at Render". */
  String outcome();

  /** The target answered, or there is nobody to ask: asking again would change nothing. */
  record Done(String outcome) implements StopResult {}

  /**
   * The target did not take the request, or may not have: no answer, an answer 5xx, a deploy that
   * does not show yet.
   *
   * @param again how long to wait at the least before asking again
   */
  record NotYet(String outcome, Duration again) implements StopResult {}
}
