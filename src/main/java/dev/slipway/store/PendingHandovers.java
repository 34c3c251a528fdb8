package dev.slipway.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The runs that one transaction hands out. The caller may stop waiting while the transaction goes
 * on. From then on it hands out nothing, and nobody knows whether the runs before are on disk.
 */
final class PendingHandovers {
  private final List<Pending> handed = new ArrayList<>();
  private boolean closed;

  /**
   * A run that was handed out.
   *
   * @param queueKey the key of its queue
   * @param intent what was written down with it
   */
  record Pending(Lease lease, String queueKey, Optional<StartIntent> intent) {}

  /**
   * To be called before the transaction ends.
   *
   * @throws SQLException when nobody waits for the run: the transaction has to be undone
   */
  synchronized void add(Lease lease, String queueKey) throws SQLException {
    refuseIfClosed();
    handed.add(new Pending(lease, queueKey, Optional.empty()));
  }

  /**
   * To be called before the transaction ends, when something was intended for the one that was
   * added last.
   *
   * @throws SQLException when nobody waits for the run: the transaction has to be undone
   */
  synchronized void intended(StartIntent intent) throws SQLException {
    refuseIfClosed();
    Pending last = handed.removeLast();
    handed.add(new Pending(last.lease(), last.queueKey(), Optional.of(intent)));
  }

  private void refuseIfClosed() throws SQLException {
    if (closed) {
      throw new SQLException("nobody waits for this transaction any more");
    }
  }

  /** Somebody works on the run now. */
  synchronized void begun(Lease lease) {
    boolean _ = handed.removeIf(one -> one.lease().equals(lease));
  }

  /**
   * Hands out nothing from now on.
   *
   * @return what nobody works on
   */
  synchronized List<Pending> close() {
    closed = true;
    return List.copyOf(handed);
  }
}
