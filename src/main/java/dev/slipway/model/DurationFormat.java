package dev.slipway.model;

import java.time.Duration;

/** Writes durations the way an operator does: {@code 1 h 30 m}. */
public final class DurationFormat {
  private DurationFormat() {}

  /** Hours, minutes and seconds; what is less than a second is left out. */
  public static String format(Duration duration) {
    String text =
        (duration.toHours() > 0 ? duration.toHours() + " h " : "")
            + (duration.toMinutesPart() > 0 ? duration.toMinutesPart() + " m " : "")
            + (duration.toSecondsPart() > 0 ? duration.toSecondsPart() + " s" : "");
    return text.isBlank() ? "0 s" : text.strip();
  }
}
