package dev.slipway.targets.command;

import dev.slipway.model.Attempt;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a run of a command, here and on a server. Made of the attempt alone, so that an attempt
 * whose answer was lost can be looked up.
 *
 * @param since when the attempt was intended, in milliseconds; the limits count from here
 */
record RunId(long deployment, int run, long since) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,9})-(\\d{1,18})");

  static RunId of(Attempt attempt) {
    return new RunId(attempt.deploymentId(), attempt.run(), attempt.since().toEpochMilli());
  }

  static Optional<RunId> parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(
            new RunId(
                Long.parseLong(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Long.parseLong(parts.group(3))))
        : Optional.empty();
  }

  Instant started() {
    return Instant.ofEpochMilli(since);
  }

  /** What the names of all attempts at this run begin with. */
  String prefix() {
    return deployment + "-" + run + "-";
  }

  /**
   * The least {@link #since} of an attempt that counts as this one; allows for rounded instants.
   */
  long notBefore() {
    return Math.max(0, since - 1000);
  }

  boolean isAttemptOf(RunId intended) {
    return prefix().equals(intended.prefix()) && since >= intended.notBefore();
  }

  @Override
  public String toString() {
    return prefix() + since;
  }
}
