package dev.slipway.metrics;

import dev.slipway.secret.Bearer;
import dev.slipway.secret.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may read the metrics and the details of readiness.
 *
 * @param token the bearer token that is required; null requires none
 */
public record MetricsAccess(@Nullable Secret token) {
  /** Whether a request with these {@code Authorization} headers may read them. */
  public boolean admits(List<String> credentials) {
    return token == null || Bearer.proves(credentials, token);
  }
}
