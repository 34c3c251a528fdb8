package dev.slipway.model;

import java.util.List;
import java.util.Locale;

/**
 * Patterns in which {@code *} stands for any text. They are parsed once; the time to match a text
 * grows with its length for all patterns.
 */
final class Globs {
  private final List<String> patterns;
  private final boolean anyCase;
  private final List<List<String>> taken;

  /**
   * @param anyCase whether upper and lower case are the same
   */
  Globs(List<String> patterns, boolean anyCase) {
    this.patterns = List.copyOf(patterns);
    this.anyCase = anyCase;
    this.taken =
        patterns.stream().map(pattern -> List.of(folded(pattern).split("\\*", -1))).toList();
  }

  List<String> patterns() {
    return patterns;
  }

  /** Whether one of the patterns takes the text; no patterns take everything. */
  boolean take(String text) {
    String folded = folded(text);
    return taken.isEmpty() || taken.stream().anyMatch(pieces -> takes(pieces, folded));
  }

  private String folded(String text) {
    return anyCase ? text.toLowerCase(Locale.ROOT) : text;
  }

  private static boolean takes(List<String> pieces, String text) {
    String first = pieces.getFirst();
    String last = pieces.getLast();
    if (pieces.size() == 1) {
      return first.equals(text);
    }
    int end = text.length() - last.length();
    if (!text.startsWith(first) || !text.endsWith(last) || end < first.length()) {
      return false;
    }
    int at = first.length();
    for (String piece : pieces.subList(1, pieces.size() - 1)) {
      int found = text.indexOf(piece, at);
      if (found < 0 || found + piece.length() > end) {
        return false;
      }
      at = found + piece.length();
    }
    return true;
  }
}
