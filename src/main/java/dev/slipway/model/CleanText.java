package dev.slipway.model;

/**
 * Removes characters that cannot be stored or passed on: no database and no process environment
 * takes a NUL, and no encoder takes half a surrogate pair.
 */
public final class CleanText {
  private static final int REPLACEMENT = 0xFFFD;

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

  private static boolean isHalf(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }
}
