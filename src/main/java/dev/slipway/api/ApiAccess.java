package dev.slipway.api;

import dev.slipway.model.Caller;
import dev.slipway.model.Scope;
import dev.slipway.secret.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The token of the configuration, beside those in the database.
 *
 * @param token may be used for everything; null when there is none
 */
public record ApiAccess(@Nullable Secret token) {
  /** How long a caller may wait for the end of a deployment. */
  public static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /** Whoever has the token of the configuration. */
  static final Caller CONFIGURED = new Caller("SLIPWAY_API_TOKEN", Set.of(Scope.ADMIN), List.of());
}
