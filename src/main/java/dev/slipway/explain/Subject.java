package dev.slipway.explain;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is to be explained. */
public sealed interface Subject {
  /** A delivery by its GUID, {@code X-GitHub-Delivery}. */
  record Delivery(String guid) implements Subject {}

  /** A deployment by our number. */
  record OurDeployment(long id) implements Subject {}

  /**
   * A deployment by GitHub's number.
   *
   * @param host the GitHub host; empty for whichever has it
   */
  record GithubsDeployment(long id, Optional<String> host) implements Subject {}

  /**
   * Reads what somebody wrote: {@code 7} is a number of ours, {@code github:123} one of GitHub's,
   * and anything else a GUID. Empty when it can be none of them.
   *
   * @param host whose number it is, if it is one of GitHub's
   */
  static Optional<Subject> parse(String text, Optional<String> host) {
    Matcher number = Written.NUMBER.matcher(text);
    if (number.matches()) {
      long id = Long.parseLong(number.group(2));
      return Optional.of(
          number.group(1) == null ? new OurDeployment(id) : new GithubsDeployment(id, host));
    }
    return Written.GUID.matcher(text).matches()
        ? Optional.of(new Delivery(text))
        : Optional.empty();
  }

  /** How the subjects are written. */
  final class Written {
    private static final Pattern NUMBER = Pattern.compile("(github:)?(\\d{1,18})");
    private static final Pattern GUID = Pattern.compile("[\\w.-]{1,100}");

    private Written() {}
  }
}
