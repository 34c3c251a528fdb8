package dev.slipway.crash;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Chooses what goes wrong with a call, and counts it. */
final class Faults {
  private static final List<Kind> KINDS = List.of(Kind.values());

  private final double share;
  private final Random random;
  private final Map<Party, Integer> counts = new EnumMap<>(Party.class);

  /** Who is called. */
  enum Party {
    GITHUB,
    RENDER,
    QOVERY;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What can go wrong with one call. */
  enum Kind {
    NONE,
    /** Answered 500 or 504, every second time after the effect. */
    ANSWER_500,
    ANSWER_504,
    /** A page of a proxy instead of an answer, every second time after the effect. */
    HTML,
    /** Too many requests, in the words of whoever is called. */
    LIMITED,
    CUT_BEFORE,
    CUT_AFTER,
    /** Half of the answer, after the effect. */
    HALF
  }

  /**
   * @param share how much of all calls goes wrong, from 0 to 1
   */
  Faults(double share, long seed) {
    this.share = share;
    this.random = new Random(seed);
  }

  synchronized Kind next(Party party) {
    if (random.nextDouble() >= share) {
      return Kind.NONE;
    }
    counts.merge(party, 1, Integer::sum);
    return KINDS.get(1 + random.nextInt(KINDS.size() - 1));
  }

  /** How many calls to one of them went wrong. */
  synchronized int of(Party party) {
    return counts.getOrDefault(party, 0);
  }
}
