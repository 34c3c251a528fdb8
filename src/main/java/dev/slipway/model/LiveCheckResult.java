package dev.slipway.model;

import java.time.Duration;

/** The result of checking what a deploy put live. */
public sealed interface LiveCheckResult {
  /** What was seen, in words for an operator; holds no secrets. */
  String seen();

  /** It is as it should be. */
  record Passed(String seen) implements LiveCheckResult {}

  /** It is not as it should be, or cannot be seen; it may come to be. */
  record NotYet(String seen, Duration again) implements LiveCheckResult {}
}
