package dev.slipway.model;

import java.util.Map;

/**
 * Where a run waits.
 *
 * @param ahead how many are before it; the first of them runs, or is about to
 * @param first what people call that first one: {@code deployment 42}; empty if there is none
 */
public record QueuePosition(int ahead, String first) {
  /** Beyond this the status does not count, or each end would be a status for all who wait. */
  public static final int COUNTED = 10;

  private static final Map<Integer, String> ENDINGS = Map.of(1, "st", 2, "nd", 3, "rd");

  /** Where it waits, and for what. */
  public String sentence() {
    if (ahead > COUNTED) {
      return "In line, more than " + COUNTED + " ahead";
    }
    return ahead == 1
        ? "Next in line: waits for " + first
        : ordinal(ahead) + " in line: waits for " + first + " and " + (ahead - 1) + " more";
  }

  private static String ordinal(int number) {
    return number + ENDINGS.getOrDefault(number, "th");
  }
}
