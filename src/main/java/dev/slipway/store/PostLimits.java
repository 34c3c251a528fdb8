package dev.slipway.store;

import java.time.Duration;

/**
 * The numbers of posts allowed within a minute and within an hour; 0 for any number.
 *
 * @param perMinute posts within any sixty seconds
 * @param perHour posts within any sixty minutes
 * @param apart the least time between two posts while more than a few wait
 */
public record PostLimits(int perMinute, int perHour, Duration apart) {
  /** No limits. */
  public static final PostLimits ANY = new PostLimits(0, 0);

  /** A pace that leaves no time between posts. */
  public PostLimits(int perMinute, int perHour) {
    this(perMinute, perHour, Duration.ZERO);
  }
}
