package dev.slipway.run;

import dev.slipway.model.CommandHost;
import dev.slipway.model.End;
import dev.slipway.process.Halt;
import dev.slipway.runlog.LogWriter;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.store.Lease;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeaseOwner;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.PollRequests;
import dev.slipway.store.RunReceiver;
import dev.slipway.store.Runs;
import dev.slipway.store.StartIntent;
import dev.slipway.store.StoreException;
import dev.slipway.time.Time;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes runs from the queues and works on each in a virtual thread of its own. */
public final class Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final int MOST_FAILURES = 20;
  private static final int BATCH = 100;
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

  private final Runs runs;
  private final RouteTargets targets;
  private final RunLog runLog;
  private final FactRedactor factRedactor;
  private final Time time;
  private final InstantSource calendar;
  private final LeaseOwner leaseOwner;
  private final CommandSlots slots;
  private final Object stopLock = new Object();
  private volatile boolean stopping;
  private long lastPollRequest;
  private final Map<Lease, ActiveRun> active = new ConcurrentHashMap<>();
  private final StartIntents intents;
  // Leases with an intent in a transaction whose outcome is not known here yet
  private final Set<Lease> intended = ConcurrentHashMap.newKeySet();

  private record ActiveRun(
      Thread thread,
      RunWaiter waiter,
      AtomicBoolean stopSignalled,
      AtomicReference<@Nullable RunJournal> journal) {
    Duration inCall() {
      RunJournal at = journal.get();
      return at == null ? Duration.ZERO : at.callDuration();
    }
  }

  /**
   * @param redactor takes the secrets out of facts before they are written
   * @param time the time of runs; it is not set while one is active
   * @param calendar the time of statuses, starts and ends in the database
   * @param owner names this process in the database
   */
  public Worker(
      Runs runs,
      RouteTargets targets,
      RunLog runLog,
      Redactor redactor,
      Time time,
      InstantSource calendar,
      String owner) {
    this.runs = runs;
    this.targets = targets;
    this.runLog = runLog;
    this.factRedactor = new FactRedactor(redactor);
    this.time = time;
    this.calendar = calendar;
    this.slots = new CommandSlots(targets.commandsAtOnce());
    this.intents = new StartIntents(targets, slots, runLog, time);
    this.leaseOwner = new LeaseOwner(owner, targets.host().map(CommandHost::id).orElse(null));
  }

  /**
   * Leases as many runs as one transaction takes, and executes them.
   *
   * @return whether there was any
   */
  public boolean acquireBatch() {
    List<LeasedRun> leased = runs.acquire(leaseOwner, calendar.instant(), BATCH);
    leased.forEach(run -> startThread(run, Optional.empty()));
    return !leased.isEmpty();
  }

  /** From now on runs that need not wait in their queue come by themselves, until {@link #stop}. */
  public void acceptHandovers() {
    runs.register(
        leaseOwner,
        new RunReceiver() {
          @Override
          public boolean isOpen() {
            return !stopping;
          }

          @Override
          public Optional<StartIntent> intend(LeasedRun run) {
            return Worker.this.intend(run);
          }

          @Override
          public void abandon(Lease lease) {
            forget(lease);
          }

          @Override
          public void start(LeasedRun run, Optional<StartIntent> intent) {
            startUnlessStopping(run, intent);
          }
        });
  }

  /** A stop must not release a run while it is unknown whether its intent is on disk. */
  private Optional<StartIntent> intend(LeasedRun run) {
    synchronized (stopLock) {
      if (stopping) {
        return Optional.empty();
      }
      Optional<StartIntent> intent = intents.intend(run);
      if (intent.isPresent()) {
        intended.add(run.lease());
      }
      return intent;
    }
  }

  private void forget(Lease lease) {
    if (intended.remove(lease)) {
      slots.release(lease);
    }
  }

  private void startUnlessStopping(LeasedRun run, Optional<StartIntent> intent) {
    synchronized (stopLock) {
      if (!stopping) {
        startThread(run, intent);
        intended.remove(run.lease());
        return;
      }
    }
    giveBack(() -> runs.withdraw(run.lease(), intent), run.lease());
    forget(run.lease());
  }

  private void startThread(LeasedRun run, Optional<StartIntent> intent) {
    RunWaiter waiter = new RunWaiter(time, () -> stopping);
    intent.ifPresent(_ -> waiter.markBegun());
    Thread thread =
        Thread.ofVirtual()
            .name("run-" + run.run().id())
            .unstarted(() -> execute(run, intent, waiter));
    active.put(
        run.lease(), new ActiveRun(thread, waiter, new AtomicBoolean(), new AtomicReference<>()));
    thread.start();
  }

  /** Wakes the runs in work that somebody asked to stop; each one once. */
  public void signalStops() {
    if (active.isEmpty()) {
      return;
    }
    Set<Long> asked = Set.copyOf(runs.stopRequests(leaseOwner.name()));
    active.forEach(
        (lease, work) -> {
          if (asked.contains(lease.runId()) && !work.stopSignalled().getAndSet(true)) {
            work.waiter().wake();
          }
        });
  }

  /** Wakes the runs in work that follow a deploy where a provider says that something happened. */
  public void signalPolls(PollRequests requests) {
    List<PollRequests.Request> news = requests.after(lastPollRequest);
    if (news.isEmpty()) {
      return;
    }
    lastPollRequest = news.getLast().number();
    Set<String> destinations =
        news.stream().map(PollRequests.Request::destination).collect(Collectors.toSet());
    active
        .values()
        .forEach(
            work -> {
              RunJournal journal = work.journal().get();
              if (journal != null && journal.leadsTo(destinations)) {
                work.waiter().requestPoll();
              }
            });
  }

  /**
   * Renews the leases of the active runs, and interrupts those that were lost. A run that has been
   * inside one call of the database for longer than a lease hangs, and is left to another worker.
   */
  public void renewLeases() {
    Map<Lease, ActiveRun> all = Map.copyOf(active);
    List<Long> stuck =
        all.entrySet().stream()
            .filter(entry -> entry.getValue().inCall().compareTo(runs.lease()) > 0)
            .map(entry -> entry.getKey().runId())
            .toList();
    Set<Lease> lost = Set.copyOf(runs.renewAll(leaseOwner.name(), all.keySet(), stuck));
    all.forEach(
        (lease, work) -> {
          if (lost.contains(lease) && active.containsKey(lease)) {
            LOG.warn("Dropping run {}: another worker has it", lease.runId());
            work.thread().interrupt();
          }
        });
  }

  /** The number of active runs. */
  public int activeRuns() {
    return active.size();
  }

  /**
   * Stops working, without ending any run: the next start goes on from the rows. Call it when
   * {@link #acquireBatch} is called no more.
   *
   * @param grace how long commands on this host may go on, so that their ends are known, and calls
   *     that start a deploy, so that their answers are
   * @param limit how long to wait for the threads after that
   */
  public void stop(Duration grace, Duration limit) throws InterruptedException {
    List<ActiveRun> all;
    synchronized (stopLock) {
      stopping = true;
      all = List.copyOf(active.values());
    }
    awaitAll(all.stream().filter(work -> work.waiter().interrupt(work.thread())), limit);
    releaseAll();
    awaitAll(all.stream(), grace);
    all.forEach(work -> work.waiter().interruptForGood(work.thread()));
    awaitAll(all.stream(), limit);
    releaseAll();
  }

  /** Releases the runs that were active, so that no other replica waits for them. */
  private void releaseAll() {
    try {
      runs.releaseAll(
          leaseOwner.name(),
          Stream.concat(active.keySet().stream(), intended.stream()).map(Lease::runId).toList());
    } catch (StoreException e) {
      LOG.warn("The runs are free when their leases end: {}", e.getMessage());
    }
  }

  private void awaitAll(Stream<ActiveRun> some, Duration limit) throws InterruptedException {
    long begun = time.nanos();
    for (Thread thread : some.map(ActiveRun::thread).toList()) {
      Duration left = limit.minus(time.since(begun));
      if (left.isPositive()) {
        boolean _ = thread.join(left);
      }
    }
  }

  private void execute(LeasedRun leased, Optional<StartIntent> intent, RunWaiter waiter) {
    boolean isOurs = true;
    try (LogWriter log = runLog.writer(leased.lease())) {
      executeWithRetries(leased, intent, waiter, log);
      isOurs = false;
    } catch (InterruptedException e) {
      LOG.debug("Run {} is given back: {}", leased.run().id(), e.getMessage());
    } catch (LeaseLostException e) {
      isOurs = false;
      LOG.warn(e.getMessage());
    } finally {
      slots.release(leased.lease());
      active.remove(leased.lease());
      if (isOurs && !stopping) {
        giveBack(() -> runs.release(leased.lease()), leased.lease());
      }
    }
  }

  private static void giveBack(Runnable giving, Lease lease) {
    try {
      giving.run();
    } catch (StoreException e) {
      LOG.warn("Run {} is free when its lease ends: {}", lease.runId(), e.getMessage());
    }
  }

  /** A bug in a target must not leave a run without an end, nor end it for one failure. */
  private void executeWithRetries(
      LeasedRun leased, Optional<StartIntent> intent, RunWaiter waiter, LogWriter log)
      throws InterruptedException, LeaseLostException {
    LeasedRun known = leased;
    Optional<StartIntent> uncalled = intent;
    for (int failures = 0; ; failures++) {
      RunJournal journal = new RunJournal(runs, known, time, calendar, factRedactor, log);
      Optional.ofNullable(active.get(leased.lease()))
          .ifPresent(work -> work.journal().set(journal));
      Run run = new Run(leased, journal, targets, waiter, slots, log);
      try {
        Optional<End> end =
            uncalled.isPresent() ? run.executeFrom(uncalled.get().fact()) : run.execute();
        end.ifPresentOrElse(
            it ->
                LOG.info(
                    "Deployment {} ended: {}, {}",
                    leased.deployment().id(),
                    it.kind().code(),
                    it.reason()),
            () -> LOG.info("Deployment {} waits again", leased.deployment().id()));
        return;
      } catch (StoreException e) {
        LOG.debug("Run {} waits for the database: {}", leased.run().id(), e.getMessage());
        failures--;
        time.sleep(AFTER_FAILURE);
      } catch (RuntimeException | Error e) {
        Halt.ifFatal("run " + leased.run().id(), e);
        LOG.error("Run {} failed inside", leased.run().id(), e);
        if (failures == MOST_FAILURES) {
          journal.settle(new End.Errored("Slipway failed inside; its own log says why"));
          return;
        }
        time.sleep(AFTER_FAILURE);
      }
      known = refreshed(leased);
      uncalled = Optional.empty();
    }
  }

  private LeasedRun refreshed(LeasedRun leased) throws InterruptedException {
    while (true) {
      try {
        return new LeasedRun(
            leased.lease(),
            leased.deployment(),
            leased.run(),
            runs.facts(leased.run().id()),
            leased.lastState());
      } catch (StoreException e) {
        LOG.debug("Run {} waits for the database: {}", leased.run().id(), e.getMessage());
        time.sleep(AFTER_FAILURE);
      }
    }
  }
}
