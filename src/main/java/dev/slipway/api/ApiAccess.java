package dev.slipway.api;

import dev.slipway.secret.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who may call the API.
 *
 * @param token what callers send as bearer token; null closes the API
 */
public record ApiAccess(@Nullable Secret token) {
  /** How long a caller may wait for the end of a deployment. */
  public static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
}
