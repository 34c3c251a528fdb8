package dev.slipway.targets.command;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a command may run, and how long it may be silent.
 *
 * @param settings how the names of the settings begin that say so
 */
record CommandLimits(String settings, Duration total, Duration idle) {
  /** Why the command has to be ended now; empty while it may go on. */
  Optional<String> exceeded(Instant started, Instant lastOutput, Instant now) {
    if (!now.isBefore(started.plus(total))) {
      return Optional.of(
          "Timed out after %s; raise %s_TIMEOUT if it needs longer"
              .formatted(words(total), settings));
    }
    if (!now.isBefore(lastOutput.plus(idle))) {
      return Optional.of(
          "No output for %s; raise %s_IDLE_TIMEOUT if it is silent for longer"
              .formatted(words(idle), settings));
    }
    return Optional.empty();
  }

  private static String words(Duration duration) {
    String text =
        part(duration.toHours(), "h")
            + part(duration.toMinutesPart(), "m")
            + part(duration.toSecondsPart(), "s");
    return text.isEmpty() ? duration.toMillis() + " ms" : text.strip();
  }

  private static String part(long amount, String unit) {
    return amount == 0 ? "" : amount + " " + unit + " ";
  }
}
