package dev.slipway.model;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * How a line of a log is written: {@code 2026-11-21T05:00:00.123Z text}. The text of a line of
 * Slipway's own, and not of a command or a provider, begins with {@link #OWN}.
 */
public final class LogFormat {
  /** Marks a line of Slipway's own. */
  public static final String OWN = "▸ ";

  /** How many characters the time takes. */
  public static final int TIME_LENGTH = "2026-11-21T05:00:00.123Z".length();

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private LogFormat() {}

  /** A line with its time, to the millisecond. */
  public static String line(Instant at, String text) {
    return TIME.format(at) + " " + text + "\n";
  }

  /** A line of Slipway's own; one, whatever the text holds. */
  public static String ownLine(Instant at, String text) {
    return line(at, OWN + CleanText.line(text));
  }
}
