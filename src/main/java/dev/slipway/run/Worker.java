package dev.slipway.run;

import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.Place;
import dev.slipway.runlog.LogWriter;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.Runs;
import dev.slipway.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes runs from the lines and works on each in a virtual thread of its own. */
public final class Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final int MOST_STUMBLES = 20;
  private static final Duration AFTER_STUMBLE = Duration.ofSeconds(2);

  private final Runs runs;
  private final Targets targets;
  private final RunLog runLog;
  private final Censor censor;
  private final Time time;
  private final Runs.Taker taker;
  private volatile boolean stopping;
  private final Map<Runs.Taken, Work> working = new ConcurrentHashMap<>();
  private volatile long renewed = System.nanoTime();

  /** Where a run's lines go, and what takes the secrets out of its facts. */
  public record Records(RunLog log, Redactor redactor) {}

  private record Work(Thread thread, Patience patience, AtomicBoolean stopTold) {}

  /** The clock, and how to wait for it. */
  public record Time(InstantSource clock, Pause pause) {}

  /**
   * @param owner names this process in the database
   */
  public Worker(Runs runs, Targets targets, Records records, Time time, String owner) {
    this.runs = runs;
    this.targets = targets;
    this.runLog = records.log();
    this.censor = new Censor(records.redactor());
    this.time = time;
    this.taker = new Runs.Taker(owner, targets.place().map(Place::id).orElse(null));
  }

  /**
   * Takes one run, if one can be taken, and starts to work on it.
   *
   * @return whether there was one
   */
  public boolean takeOne() {
    if (System.nanoTime() - renewed > runs.lease().dividedBy(2).toNanos()) {
      // After a freeze, or a database that was away, our own runs look left: not to us
      renewLeases();
    }
    Optional<Runs.Taken> taken = runs.take(taker, time.clock().instant());
    taken.ifPresent(
        run -> {
          Patience patience = new Patience(time.pause(), () -> stopping);
          Thread thread =
              Thread.ofVirtual().name("run-" + run.run().id()).unstarted(() -> work(run, patience));
          working.put(run, new Work(thread, patience, new AtomicBoolean()));
          thread.start();
        });
    return taken.isPresent();
  }

  /** Tells the runs in work that somebody asked them to stop; each is told once. */
  public void passOnStops() {
    if (working.isEmpty()) {
      return;
    }
    Set<Long> asked = Set.copyOf(runs.askedToStop(taker.owner()));
    working.forEach(
        (taken, work) -> {
          if (asked.contains(taken.run().id()) && !work.stopTold().getAndSet(true)) {
            work.patience().nudge();
          }
        });
  }

  /**
   * Tells the database that the runs in work have not been forgotten; drops those that were lost.
   */
  public void renewLeases() {
    long begun = System.nanoTime();
    working.forEach(
        (taken, work) -> {
          try {
            runs.renew(taken.lease());
          } catch (LeaseLostException e) {
            LOG.warn("Dropping run {}: {}", taken.run().id(), e.getMessage());
            work.thread().interrupt();
          }
        });
    renewed = begun;
  }

  /** How many runs are being worked on. */
  public int inWork() {
    return working.size();
  }

  /**
   * Stops working, without ending any run: whoever starts next goes on from the rows. Call it when
   * {@link #takeOne} is called no more.
   *
   * @param grace how long commands on this machine may go on, so that their ends are known, and
   *     calls that start a deploy, so that their answers are
   * @param limit how long to wait for the threads after that
   */
  public void stop(Duration grace, Duration limit) throws InterruptedException {
    stopping = true;
    Map<Runs.Taken, Work> all = Map.copyOf(working);
    all.forEach(
        (taken, work) -> {
          if (!hasBegun(taken)) {
            work.thread().interrupt();
          }
        });
    List<Thread> threads = all.values().stream().map(Work::thread).toList();
    awaitAll(threads, grace);
    threads.forEach(Thread::interrupt);
    awaitAll(threads, limit);
  }

  private boolean hasBegun(Runs.Taken taken) {
    try {
      return runs.facts(taken.run().id()).stream()
          .filter(Fact.OfTarget.class::isInstance)
          .map(Fact.OfTarget.class::cast)
          .reduce((_, later) -> later)
          .filter(last -> last instanceof Fact.Intended || isHere(taken, last))
          .isPresent();
    } catch (StoreException e) {
      LOG.warn("Cannot tell where run {} runs: {}", taken.run().id(), e.getMessage());
      return false;
    }
  }

  private boolean isHere(Runs.Taken taken, Fact.OfTarget last) {
    return !(last instanceof Fact.Away)
        && targets.of(taken.run().route(), last.target()).isOnThisMachine();
  }

  private static void awaitAll(Collection<Thread> threads, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (Thread thread : threads) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (left.isPositive()) {
        boolean _ = thread.join(left);
      }
    }
  }

  private void work(Runs.Taken taken, Patience patience) {
    try (LogWriter log = runLog.writer(taken.lease())) {
      finish(taken, patience, log);
    } catch (InterruptedException stopping) {
      release(taken);
    } catch (LeaseLostException e) {
      LOG.warn(e.getMessage());
    } finally {
      working.remove(taken);
    }
  }

  private void release(Runs.Taken taken) {
    try {
      runs.release(taken.lease());
    } catch (StoreException e) {
      LOG.warn("Run {} is free when its lease ends: {}", taken.run().id(), e.getMessage());
    }
  }

  /** A bug in a target must not leave a run without an end, nor end it for one stumble. */
  private void finish(Runs.Taken taken, Patience patience, LogWriter log)
      throws InterruptedException, LeaseLostException {
    for (int stumbles = 0; ; stumbles++) {
      Journal journal = new Journal(runs, refreshed(taken), time, censor);
      try {
        End end = new Run(taken, journal, targets, patience, log).finish();
        LOG.info("Deployment {} ended: {}", taken.deployment().id(), end);
        return;
      } catch (StoreException e) {
        LOG.debug("Run {} waits for the database: {}", taken.run().id(), e.getMessage());
        stumbles--;
        time.pause().until(time.clock().instant().plus(AFTER_STUMBLE));
      } catch (RuntimeException e) {
        LOG.error("Run {} stumbled", taken.run().id(), e);
        if (stumbles == MOST_STUMBLES) {
          journal.settle(
              new End.Errored("Slipway failed inside; its own log says why"), log::closed);
          return;
        }
        time.pause().until(time.clock().instant().plus(AFTER_STUMBLE));
      }
    }
  }

  private Runs.Taken refreshed(Runs.Taken taken) throws InterruptedException {
    while (true) {
      try {
        return new Runs.Taken(
            taken.lease(),
            taken.deployment(),
            taken.run(),
            runs.facts(taken.run().id()),
            taken.lastState());
      } catch (StoreException e) {
        LOG.debug("Run {} waits for the database: {}", taken.run().id(), e.getMessage());
        time.pause().until(time.clock().instant().plus(AFTER_STUMBLE));
      }
    }
  }
}
