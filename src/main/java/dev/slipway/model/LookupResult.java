package dev.slipway.model;

import java.time.Duration;

/** The result of a lookup: whether an attempt of unknown outcome started a deploy. */
public sealed interface LookupResult {
  /** It did start: here is the deploy's id. */
  record Found(String id, String reason) implements LookupResult {}

  /** Nothing is there at the moment; counts as absent once the grace time is over. */
  record NotThere(String reason, Duration again) implements LookupResult {}

  /** The provider could not be asked. */
  record Unreachable(String reason, Duration again) implements LookupResult {}

  /** A lookup is impossible; {@code reason} says what to check by hand. */
  record CannotKnow(String reason) implements LookupResult {}
}
