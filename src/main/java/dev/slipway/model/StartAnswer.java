package dev.slipway.model;

import java.time.Duration;

/** A target's answer to a start: a {@link Verdict}, or that it is busy. */
public sealed interface StartAnswer permits StartAnswer.Busy, Verdict {
  /**
   * Surely nothing was started, and asking again may help (409, 429, 503).
   *
   * @param again how long the provider wants us to wait before asking again
   */
  record Busy(String reason, Duration again) implements StartAnswer {}
}
