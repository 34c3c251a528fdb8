package dev.slipway.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How times are written in settings: {@code 90s}, {@code 30m}, {@code 2h}, {@code 90d}. */
public final class DurationText {
  private static final Pattern SHORT =
      Pattern.compile("(\\d{1,6})\\s*(ms|s|m|h|d)", Pattern.CASE_INSENSITIVE);

  private DurationText() {}

  /** Reads the short form and ISO 8601. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = SHORT.matcher(text.strip());
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      return Optional.of(
          switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          });
    }
    try {
      return Optional.of(Duration.parse(text.strip()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** In the largest unit of which it holds at least two and no part. */
  static String of(Duration time) {
    if (time.toDays() > 1 && time.equals(Duration.ofDays(time.toDays()))) {
      return time.toDays() + "d";
    }
    if (time.toHours() > 1 && time.equals(Duration.ofHours(time.toHours()))) {
      return time.toHours() + "h";
    }
    if (time.toMinutes() > 1 && time.equals(Duration.ofMinutes(time.toMinutes()))) {
      return time.toMinutes() + "m";
    }
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
  }
}
