package dev.slipway.targets.http;

import dev.slipway.http.JsonCodec;
import dev.slipway.targets.ProviderMessages;
import java.util.Optional;

/**
 * The id that is kept with an accepted start. It holds the outcome that was answered at once, so
 * that a crash right after the answer loses nothing.
 */
final class HttpDeployId {
  /** The end comes by callback. */
  static final String CALLBACK = "callback";

  private static final String ENDED = "ended:";

  private HttpDeployId() {}

  static String of(Outcome outcome) {
    return ENDED + outcome.json();
  }

  /** The outcome that was answered at once; empty when a callback brings it. */
  static Optional<Outcome> outcome(String id, ProviderMessages messages) {
    return id.startsWith(ENDED)
        ? Outcome.read(JsonCodec.read(id.substring(ENDED.length())), messages)
        : Optional.empty();
  }
}
