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
  private volatile @Nullable LeaseTaker taker;

  /** Leases the runs that a transaction hands over. */
  interface LeaseTaker {
    /**
     * Leases the head of a queue in which nothing runs; empty where it takes none.
     *
     * @param created its deployment, if this transaction stored it
     */
    Optional<HandedOverRun> take(
        Sql sql,
        RunQueue queue,
        Optional<NewDeployment> created,
        Instant now,
        PendingHandovers handing)
        throws SQLException;

    /** Begins a run that is on disk as its own. */
    void begin(HandedOverRun run);

    /** Gives back what may be on disk as its own, though it never began it. */
    void giveBack(List<PendingHandovers.Pending> handed);
  }

  /** Hands runs to this taker from now on. */
  void register(LeaseTaker next) {
    taker = next;
  }

  /** Opens the batch of one transaction; close it when the transaction is over. */
  Batch batch() {
    return new Batch(taker);
  }

  /** The runs that one transaction hands over. */
  static final class Batch implements AutoCloseable {
    private final @Nullable LeaseTaker taker;
    private final PendingHandovers handing = new PendingHandovers();

    private Batch(@Nullable LeaseTaker taker) {
      this.taker = taker;
    }

    /**
     * Hands over those that have just joined these queues and are their heads.
     *
     * @param created finds a deployment that this transaction stored, by its id
     */
    List<HandedOverRun> take(
        Sql sql, Iterable<RunQueue> queues, LongFunction<Optional<NewDeployment>> created)
        throws SQLException {
      LeaseTaker current = taker;
      if (current == null) {
        return List.of();
      }
      List<HandedOverRun> taken = new ArrayList<>();
      for (RunQueue queue : queues) {
        Optional<RunQueue.Joined> head = queue.enqueuedHead();
        if (head.isPresent()) {
          RunQueue.Joined joined = head.get();
          current
              .take(sql, queue, created.apply(joined.deploymentId()), joined.at(), handing)
              .ifPresent(taken::add);
        }
      }
      return taken;
    }

    /** Has those begun that were taken; the transaction is on disk. */
    void begin(List<HandedOverRun> taken) {
      LeaseTaker current = taker;
      for (HandedOverRun run : taken) {
        if (current != null) {
          current.begin(run);
          handing.begun(run.taken().lease());
        }
      }
    }

    @Override
    public void close() {
      List<PendingHandovers.Pending> left = handing.close();
      LeaseTaker current = taker;
      if (current != null && !left.isEmpty()) {
        current.giveBack(left);
      }
    }
  }
}
