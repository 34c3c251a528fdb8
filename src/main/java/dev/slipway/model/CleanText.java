package dev.slipway.model;

import java.util.regex.Pattern;

/**
 * Removes characters that cannot be stored or passed on: no database and no process environment
 * takes a NUL, and no encoder takes half a surrogate pair; or those that would change what stands
 * around the text.
 */
public final class CleanText {
  private static final int REPLACEMENT = 0xFFFD;

  /** Also the second set of control characters, and marks that turn the direction of writing. */
  private static final Pattern UNSHOWN =
      Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\s\\u202a-\\u202e\\u2066-\\u2069]+");

  private CleanText() {}

  /** The text itself, or a copy with U+FFFD for each NUL and each half of a surrogate pair. */
  public static String of(String text) {
    return isSurelyClean(text)
        ? text
        : text.codePoints()
            .map(point -> point == 0 || isHalf(point) ? REPLACEMENT : point)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  /** Whether {@link #of} returns the text itself; whole surrogate pairs are not recognised. */
  public static boolean isSurelyClean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char at = text.charAt(i);
      if (at == 0 || Character.isSurrogate(at)) {
        return false;
      }
    }
    return true;
  }

  /**
   * One line that changes nothing around it, in a log, a list or a terminal: a blank stands for
   * line ends, control characters, and marks that turn the direction of writing.
   */
  public static String line(String text) {
    return UNSHOWN.matcher(text).replaceAll(" ").strip();
  }

  private static boolean isHalf(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }
}
