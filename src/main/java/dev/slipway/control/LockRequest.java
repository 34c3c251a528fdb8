package dev.slipway.control;

import dev.slipway.model.LockScope;
import dev.slipway.settings.DurationText;
import java.time.Duration;
import java.util.Optional;

/**
 * A lock that somebody asks for.
 *
 * @param owner who asks
 * @param ttl after which it ends by itself; empty when it has to be removed
 */
public record LockRequest(LockScope scope, String owner, String reason, Optional<Duration> ttl) {
  /** What a time to live must be, as half a sentence. */
  public static final String TTL_RULE = "must be a time such as 30m, 2h or 7d, at most 365d";

  private static final Duration LONGEST = Duration.ofDays(365);

  /** Reads a time to live; empty when it is none, or too long. */
  public static Optional<Duration> ttl(String text) {
    return DurationText.parse(text)
        .filter(Duration::isPositive)
        .filter(time -> time.compareTo(LONGEST) <= 0);
  }
}
