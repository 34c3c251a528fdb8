package dev.slipway.check;

import java.util.regex.Pattern;

/** A text of a result as it is shown: others may have written a part of it. */
final class ResultText {
  private static final int LONGEST = 500;

  /** Also the second set of control characters, and marks that turn the direction of writing. */
  private static final Pattern UNSHOWN =
      Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\s\\u202a-\\u202e\\u2066-\\u2069]+");

  private ResultText() {}

  /** One line without control characters, cut with an ellipsis. */
  static String of(String text) {
    String line = UNSHOWN.matcher(text).replaceAll(" ").strip();
    return line.codePointCount(0, line.length()) <= LONGEST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST - 1)) + "…";
  }
}
