package dev.slipway.metrics;

import dev.slipway.secret.Bearer;
import dev.slipway.secret.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may read the figures, and what is wrong with us.
 *
 * @param token what they send as bearer token; null lets everybody read
 */
public record MetricsAccess(@Nullable Secret token) {
  /** Whether the one with these {@code Authorization} headers may. */
  public boolean admits(List<String> credentials) {
    return token == null || Bearer.proves(credentials, token);
  }
}
