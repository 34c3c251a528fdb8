package dev.slipway.intake;

import dev.slipway.model.Decision;
import dev.slipway.model.DeliverySource;
import dev.slipway.store.Inbox;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts ignored events in memory until {@link #write}: they are not worth a transaction each. A
 * process that is killed loses the count since the last one.
 */
final class IgnoredEvents {
  private final Inbox inbox;

  // Guarded by this; the secrets in one order, so that no two transactions wait for each other
  private SortedMap<Sort, Since> unwritten = new TreeMap<>();

  private record Sort(DeliverySource source, String secret) implements Comparable<Sort> {
    @Override
    public int compareTo(Sort other) {
      int bySecret = secret.compareTo(other.secret);
      return bySecret == 0 ? source.compareTo(other.source) : bySecret;
    }
  }

  private record Since(long number, Instant last) {
    Since and(Since later) {
      return new Since(number + later.number, later.last);
    }
  }

  IgnoredEvents(Inbox inbox) {
    this.inbox = inbox;
  }

  /** Counts an event that was signed with the webhook secret of this name. */
  synchronized void add(DeliverySource source, String secret, Instant at) {
    Since _ = unwritten.merge(new Sort(source, secret), new Since(1, at), Since::and);
  }

  /**
   * Writes what has been counted since the last time, if anything.
   *
   * @throws dev.slipway.store.StoreException when that is not possible; it is tried again the next
   *     time
   */
  void write() {
    SortedMap<Sort, Since> those = take();
    if (those.isEmpty()) {
      return;
    }
    boolean written = false;
    try {
      int _ =
          inbox.record(
              ledger -> {
                those.forEach(
                    (sort, since) ->
                        ledger.countDeliveries(
                            sort.source(),
                            Decision.Kind.IGNORED_EVENT,
                            since.number(),
                            sort.secret(),
                            since.last()));
                return those.size();
              });
      written = true;
    } finally {
      if (!written) {
        putBack(those);
      }
    }
  }

  private synchronized SortedMap<Sort, Since> take() {
    SortedMap<Sort, Since> taken = unwritten;
    unwritten = new TreeMap<>();
    return taken;
  }

  /** The transaction may still be under way, so what it reads stays as it is. */
  private synchronized void putBack(SortedMap<Sort, Since> taken) {
    SortedMap<Sort, Since> all = new TreeMap<>(taken);
    unwritten.forEach(
        (sort, since) -> {
          Since _ = all.merge(sort, since, Since::and);
        });
    unwritten = all;
  }
}
