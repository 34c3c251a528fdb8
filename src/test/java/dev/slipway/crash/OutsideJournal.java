package dev.slipway.crash;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What the outside saw of Slipway, and when. Safe for use by many threads. */
final class OutsideJournal {
  private final List<Entry> entries = new ArrayList<>();

  /** One thing that was seen; nanoseconds of the machine's clock. */
  record Entry(long at, Seen seen) {}

  /** What can be seen from outside. */
  sealed interface Seen {
    long deployment();
  }

  /** GitHub sent a delivery of this deployment, answered or not. */
  record Sent(long deployment, String environment, String guid) implements Seen {}

  /** The delivery was answered. */
  record Answered(long deployment, String guid, int status, String decision) implements Seen {
    private static final Set<String> KEPT = Set.of("accepted", "duplicate", "retried");

    boolean isKept() {
      return status == 202 && KEPT.contains(decision);
    }
  }

  /** GitHub has taken a status. */
  record Posted(long deployment, String state, String description) implements Seen {
    private static final Set<String> FINAL = Set.of("success", "failure", "error", "inactive");

    boolean isFinal() {
      return FINAL.contains(state);
    }

    boolean isBad() {
      return state.equals("failure") || state.equals("error");
    }
  }

  /** A deploy has begun. */
  record Triggered(long deployment, String environment, String target) implements Seen {}

  /** A deploy is over, where it runs. */
  record Over(long deployment, String environment) implements Seen {}

  void add(Seen seen) {
    add(now(), seen);
  }

  synchronized void add(long at, Seen seen) {
    entries.add(new Entry(at, seen));
  }

  synchronized int size() {
    return entries.size();
  }

  /** Whether a deploy has begun since there were so many entries. */
  synchronized boolean hasWorkSince(int size) {
    return entries.subList(size, entries.size()).stream()
        .anyMatch(entry -> entry.seen() instanceof Triggered);
  }

  static long now() {
    return nanoseconds(Instant.now());
  }

  static long nanoseconds(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  /** Everything so far, oldest first; what has the same time, as it came. */
  synchronized List<Entry> entries() {
    return entries.stream().sorted(Comparator.comparingLong(Entry::at)).toList();
  }

  /** All that is of one kind, oldest first. */
  <T extends Seen> List<T> all(Class<T> kind) {
    return entries().stream().map(Entry::seen).filter(kind::isInstance).map(kind::cast).toList();
  }
}
