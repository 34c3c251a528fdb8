package dev.slipway.secret;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds pieces of long texts, however a tool has broken them up: base64 and hexadecimal digits that
 * were wrapped into lines, grouped by blanks or colons, or put into the columns of a dump. A text
 * is found by any eight characters in a row of it, so at most seven at an edge of a piece stay.
 */
final class FragmentFinder {
  static final int LENGTH = 8;

  private static final int BITS = 20;
  private static final int WORD_BITS = 6;

  private final Set<Long> fragments = new HashSet<>();
  // Almost every position of a text is turned away here, without boxing a number
  private final long[] buckets = new long[1 << BITS >>> WORD_BITS];

  /**
   * @param wholes the texts whose pieces are searched for; those shorter than a fragment are
   *     ignored
   */
  FragmentFinder(Collection<String> wholes) {
    for (String whole : wholes) {
      long fragment = 0;
      int length = 0;
      for (int i = 0; i < whole.length(); i++) {
        if (!isSeparator(whole.charAt(i))) {
          fragment = next(fragment, whole.charAt(i));
          length++;
        }
        if (length >= LENGTH) {
          fragments.add(fragment);
          int bucket = bucket(fragment);
          buckets[bucket >>> WORD_BITS] |= 1L << bucket;
        }
      }
    }
  }

  /** Adds where pieces are, in their order; neighbours overlap or touch. */
  void find(String text, List<TextSpan> found) {
    if (fragments.isEmpty()) {
      return;
    }
    int count = 0;
    long fragment = 0;
    List<TextSpan> own = new ArrayList<>(0);
    for (int i = 0; i < text.length(); i++) {
      if (isSeparator(text.charAt(i))) {
        continue;
      }
      fragment = next(fragment, text.charAt(i));
      count++;
      if (count >= LENGTH && mayHold(fragment) && fragments.contains(fragment)) {
        add(own, start(text, i), i + 1);
      }
    }
    found.addAll(own);
  }

  /** Where the fragment begins whose last character is here. */
  private static int start(String text, int last) {
    int at = last;
    for (int left = LENGTH - 1; left > 0; left--) {
      at--;
      while (isSeparator(text.charAt(at))) {
        at--;
      }
    }
    return at;
  }

  private static void add(List<TextSpan> spans, int from, int to) {
    if (!spans.isEmpty() && from <= spans.getLast().to()) {
      spans.set(spans.size() - 1, new TextSpan(spans.getLast().from(), to));
    } else {
      spans.add(new TextSpan(from, to));
    }
  }

  private static boolean isSeparator(char c) {
    return switch (c) {
      case ' ', '\t', '\r', '\n', ':', '\\' -> true;
      default -> false;
    };
  }

  private boolean mayHold(long fragment) {
    int bucket = bucket(fragment);
    return (buckets[bucket >>> WORD_BITS] >>> bucket & 1) != 0;
  }

  /** The searched texts are ASCII, so that eight characters fit into a number. */
  private static long next(long fragment, char c) {
    return (fragment << Byte.SIZE) | (c < 0x80 ? c : 0);
  }

  private static int bucket(long fragment) {
    return (int) ((fragment * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - BITS));
  }
}
