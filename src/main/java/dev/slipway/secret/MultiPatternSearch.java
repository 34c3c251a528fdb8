package dev.slipway.secret;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Finds many strings in one pass. The first four characters of each choose its bucket; almost every
 * position of a text meets an empty bucket and costs one multiplication.
 */
final class MultiPatternSearch {
  private static final int HEAD = 4;
  private static final int BITS = 14;
  private static final int WORD_BITS = 6;
  private static final String[] NONE = {};

  private final String[][] buckets = new String[1 << BITS][];

  /** A bit for each bucket that is not empty: they stay near the processor, the buckets do not. */
  private final long[] used = new long[1 << BITS >>> WORD_BITS];

  private final int longest;

  /**
   * @param needles each of at least four characters
   */
  MultiPatternSearch(Collection<String> needles) {
    Arrays.fill(buckets, NONE);
    int longest = 0;
    for (String needle : needles) {
      int bucket = bucket(head(needle));
      String[] more = Arrays.copyOf(buckets[bucket], buckets[bucket].length + 1);
      more[more.length - 1] = needle;
      Arrays.sort(more, Comparator.comparingInt(String::length).reversed());
      buckets[bucket] = more;
      used[bucket >>> WORD_BITS] |= 1L << bucket;
      longest = Math.max(longest, needle.length());
    }
    this.longest = longest;
  }

  int longest() {
    return longest;
  }

  /** All matches, by their start; they may overlap. */
  List<TextSpan> find(String text) {
    List<TextSpan> found = new ArrayList<>(0);
    long head = 0;
    for (int end = 1; end <= text.length(); end++) {
      head = (head << Character.SIZE) | text.charAt(end - 1);
      int bucket = bucket(head);
      if ((used[bucket >>> WORD_BITS] >>> bucket & 1) != 0 && end >= HEAD) {
        add(text, end - HEAD, buckets[bucket], found);
      }
    }
    return found;
  }

  private static void add(String text, int from, String[] needles, List<TextSpan> found) {
    for (String needle : needles) {
      if (text.startsWith(needle, from)) {
        found.add(new TextSpan(from, from + needle.length()));
        return;
      }
    }
  }

  private static long head(String needle) {
    long head = 0;
    for (int i = 0; i < HEAD; i++) {
      head = (head << Character.SIZE) | needle.charAt(i);
    }
    return head;
  }

  private static int bucket(long head) {
    return (int) ((head * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - BITS));
  }
}
