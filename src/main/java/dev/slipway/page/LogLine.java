package dev.slipway.page;

import dev.slipway.model.LogFormat;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.util.List;

/**
 * A line of a log, ready to be shown as text.
 *
 * @param at its time, ISO 8601
 * @param own written by Slipway, not by a command or a provider
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
public record LogLine(String at, boolean own, List<LogSegment> segments) {
  /** The complete lines of a piece of a log. */
  static List<LogLine> of(String text) {
    return text.lines().map(LogLine::line).toList();
  }

  private static LogLine line(String line) {
    if (line.length() <= LogFormat.TIME_LENGTH || line.charAt(LogFormat.TIME_LENGTH - 1) != 'Z') {
      return new LogLine("", false, segments(line));
    }
    String told = line.substring(LogFormat.TIME_LENGTH + 1);
    boolean own = told.startsWith(LogFormat.OWN);
    return new LogLine(
        line.substring(0, LogFormat.TIME_LENGTH),
        own,
        segments(own ? told.substring(LogFormat.OWN.length()) : told));
  }

  /**
   * A forgotten reset must not paint the rest of the page: colours do not last beyond their line.
   */
  private static List<LogSegment> segments(String text) {
    return AnsiReader.parse(text, TextStyle.PLAIN).segments().stream()
        .map(segment -> new LogSegment(segment.text(), segment.classes()))
        .toList();
  }

  /** {@code 05:00:00} of the line's time. */
  public String clock() {
    return at.length() == LogFormat.TIME_LENGTH ? at.substring(11, 19) : "";
  }
}
