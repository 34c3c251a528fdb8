package dev.slipway.notification;

/** Text from outside, as it may be kept with a notification: one line of limited length. */
final class ProblemText {
  private static final int LONGEST = 300;

  private ProblemText() {}

  /** One line. */
  static String line(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
  }

  /** One line, cut at its end. */
  static String shown(String text) {
    String line = line(text);
    return line.codePointCount(0, line.length()) <= LONGEST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST)) + "…";
  }
}
