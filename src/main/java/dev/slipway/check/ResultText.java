package dev.slipway.check;

import java.util.regex.Pattern;

/** A text of a result as it is shown: others may have written a part of it. */
final class ResultText {
  private static final int LONGEST = 500;
  private static final Pattern UNSHOWN = Pattern.compile("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\s]+");

  private ResultText() {}

  /** One line without control characters, cut with an ellipsis. */
  static String of(String text) {
    String line = UNSHOWN.matcher(text).replaceAll(" ").strip();
    return line.codePointCount(0, line.length()) <= LONGEST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST - 1)) + "…";
  }
}
