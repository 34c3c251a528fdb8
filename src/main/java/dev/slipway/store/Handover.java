package dev.slipway.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Passes a run that need not wait directly to this process's worker: the commit that stores the run
 * also leases it, and the worker begins it at once. Where there is no worker, or it takes none, the
 * run waits in its queue until a worker leases it.
 */
final class Handover {
  private volatile @Nullable HandoverTarget party;

  /** The receiver of runs. */
  interface HandoverTarget {
    /**
     * Leases the head of a queue in which nothing runs; empty where it takes none.
     *
     * @param known what this transaction knows of its deployment
     */
    Optional<HandedOverRun> take(
        Sql sql,
        RunQueue queue,
        Optional<NewDeployment> known,
        Instant now,
        PendingHandovers handing)
        throws SQLException;

    /** Begins a run that is on disk as its own. */
    void begin(HandedOverRun run);

    /** Gives back what may be on disk as its own, though it never began it. */
    void giveBack(List<PendingHandovers.Pending> handed);
  }

  /** Hands runs to this target from now on. */
  void register(HandoverTarget next) {
    party = next;
  }

  /** For one transaction; to be closed when its outcome is known, or will not be. */
  Batch batch() {
    return new Batch(party);
  }

  /** The runs that one transaction hands over. */
  static final class Batch implements AutoCloseable {
    private final @Nullable HandoverTarget party;
    private final PendingHandovers handing = new PendingHandovers();

    private Batch(@Nullable HandoverTarget party) {
      this.party = party;
    }

    /**
     * Hands over those that have just joined these queues and are their heads.
     *
     * @param known tells what this transaction knows of a deployment
     */
    List<HandedOverRun> take(
        Sql sql, Iterable<RunQueue> queues, LongFunction<Optional<NewDeployment>> known)
        throws SQLException {
      HandoverTarget taker = party;
      if (taker == null) {
        return List.of();
      }
      List<HandedOverRun> taken = new ArrayList<>();
      for (RunQueue queue : queues) {
        Optional<RunQueue.Joined> head = queue.enqueuedHead();
        if (head.isPresent()) {
          RunQueue.Joined joined = head.get();
          taker
              .take(sql, queue, known.apply(joined.deploymentId()), joined.at(), handing)
              .ifPresent(taken::add);
        }
      }
      return taken;
    }

    /** Has those begun that were taken; the transaction is on disk. */
    void begin(List<HandedOverRun> taken) {
      HandoverTarget taker = party;
      for (HandedOverRun run : taken) {
        if (taker != null) {
          taker.begin(run);
          handing.begun(run.taken().lease());
        }
      }
    }

    @Override
    public void close() {
      List<PendingHandovers.Pending> left = handing.close();
      HandoverTarget taker = party;
      if (taker != null && !left.isEmpty()) {
        taker.giveBack(left);
      }
    }
  }
}
