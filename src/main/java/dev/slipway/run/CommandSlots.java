package dev.slipway.run;

import dev.slipway.store.Lease;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * How many commands of this process run at once. A run that finds no slot waits, first come first
 * served. Safe for use by many threads.
 */
final class CommandSlots {
  private final int limit;
  // By their leases: SQLite gives the id of a run that was undone to the next
  private final Set<Lease> occupied = new HashSet<>();
  private final SequencedMap<Lease, RunWaiter> waiting = new LinkedHashMap<>();

  CommandSlots(int limit) {
    this.limit = limit;
  }

  int limit() {
    return limit;
  }

  /**
   * Takes a slot for a run, or lets it wait.
   *
   * @param waiter woken when the run should try again
   * @return whether it has a slot
   */
  synchronized boolean acquire(Lease run, RunWaiter waiter) {
    if (occupied.contains(run)) {
      return true;
    }
    waiting.putIfAbsent(run, waiter);
    if (occupied.size() >= limit || !waiting.firstEntry().getKey().equals(run)) {
      return false;
    }
    occupy(run);
    wakeFirst();
    return true;
  }

  /**
   * Takes a slot for a run that has none, if a slot is free and no other run waits for one.
   *
   * @return whether it has a slot
   */
  synchronized boolean tryAcquire(Lease run) {
    return waiting.isEmpty() && occupied.size() < limit && occupied.add(run);
  }

  /** Counts a command that may run already, were it over the limit. */
  synchronized void occupy(Lease run) {
    waiting.remove(run);
    occupied.add(run);
  }

  /** Gives back what the run has, be it a slot or a position among those that wait. */
  synchronized void release(Lease run) {
    boolean hadSlot = occupied.remove(run);
    boolean waited = waiting.remove(run) != null;
    if (hadSlot || waited) {
      wakeFirst();
    }
  }

  private void wakeFirst() {
    Map.Entry<Lease, RunWaiter> first = waiting.firstEntry();
    if (first != null && occupied.size() < limit) {
      first.getValue().wake();
    }
  }
}
