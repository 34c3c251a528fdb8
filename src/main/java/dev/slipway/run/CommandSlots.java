package dev.slipway.run;

import dev.slipway.store.Lease;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * How many commands of this process run at once. A run that finds no slot waits in line, first come
 * first served. Safe for use by many threads.
 */
final class CommandSlots {
  private final int limit;
  // By their leases: SQLite gives the id of a run that was undone to the next
  private final Set<Lease> taken = new HashSet<>();
  private final SequencedMap<Lease, RunWaiter> waiting = new LinkedHashMap<>();

  CommandSlots(int limit) {
    this.limit = limit;
  }

  int limit() {
    return limit;
  }

  /**
   * Takes a slot for a run, or lets it wait in line.
   *
   * @param patience nudged when the run should ask again
   * @return whether it has a slot
   */
  synchronized boolean take(Lease run, RunWaiter patience) {
    if (taken.contains(run)) {
      return true;
    }
    waiting.putIfAbsent(run, patience);
    if (taken.size() >= limit || !waiting.firstEntry().getKey().equals(run)) {
      return false;
    }
    hold(run);
    nudgeFirst();
    return true;
  }

  /**
   * Takes a slot for a run that has none, if nobody would have to wait for it.
   *
   * @return whether it has a slot
   */
  synchronized boolean takeFree(Lease run) {
    return waiting.isEmpty() && taken.size() < limit && taken.add(run);
  }

  /** Counts a command that may run already, were it over the limit. */
  synchronized void hold(Lease run) {
    waiting.remove(run);
    taken.add(run);
  }

  /** Gives back what the run has, be it a slot or a place in line. */
  synchronized void leave(Lease run) {
    boolean hadSlot = taken.remove(run);
    boolean waited = waiting.remove(run) != null;
    if (hadSlot || waited) {
      nudgeFirst();
    }
  }

  private void nudgeFirst() {
    Map.Entry<Lease, RunWaiter> first = waiting.firstEntry();
    if (first != null && taken.size() < limit) {
      first.getValue().nudge();
    }
  }
}
