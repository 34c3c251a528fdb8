package dev.slipway.crash;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Chooses what goes wrong with a call, and counts it. */
final class Faults {
  private static final List<Kind> KINDS = List.of(Kind.values());

  private final double share;
  private final Random random;
  private final Map<Kind, Integer> counts = new ConcurrentHashMap<>();

  /** What can go wrong with one call. */
  enum Kind {
    NONE,
    ANSWER_500,
    ANSWER_502,
    ANSWER_429,
    CUT_BEFORE,
    CUT_AFTER
  }

  /**
   * @param share how much of all calls goes wrong, from 0 to 1
   */
  Faults(double share, long seed) {
    this.share = share;
    this.random = new Random(seed);
  }

  synchronized Kind next() {
    Kind kind =
        random.nextDouble() >= share ? Kind.NONE : KINDS.get(1 + random.nextInt(KINDS.size() - 1));
    counts.merge(kind, 1, Integer::sum);
    return kind;
  }

  /** How often each went wrong; {@code NONE} counts the calls that went well. */
  Map<Kind, Integer> counts() {
    return new TreeMap<>(counts);
  }
}
