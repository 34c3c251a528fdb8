package dev.slipway.model;

import java.util.regex.Pattern;

/**
 * Removes characters that cannot be stored or passed on: no database and no process environment
 * takes a NUL, and no encoder takes half a surrogate pair; or those that would change what stands
 * around the text. Cuts what is too long.
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

  /**
   * The text, or where it is longer its beginning and an ellipsis. Cuts between characters, never
   * within a surrogate pair. To be used behind a redactor, for half a secret is not recognised.
   *
   * @param longest of the result, counted by code point with the ellipsis
   */
  public static String cut(String text, int longest) {
    return length(text) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest - 1)).stripTrailing() + "…";
  }

  /** The length in code points, as GitHub counts. */
  public static int length(CharSequence text) {
    return Character.codePointCount(text, 0, text.length());
  }

  private static boolean isHalf(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }
}
