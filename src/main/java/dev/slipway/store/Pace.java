package dev.slipway.store;

/**
 * How many statuses may be posted within a minute and within an hour; 0 for any number.
 *
 * @param perMinute posts within any sixty seconds
 * @param perHour posts within any sixty minutes
 */
public record Pace(int perMinute, int perHour) {
  /** No limits. */
  public static final Pace ANY = new Pace(0, 0);
}
