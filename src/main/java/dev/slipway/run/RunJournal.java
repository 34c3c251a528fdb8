package dev.slipway.run;

import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.Hold;
import dev.slipway.model.RunFacts;
import dev.slipway.model.Status;
import dev.slipway.runlog.LogWriter;
import dev.slipway.store.Lease;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.Runs;
import dev.slipway.store.StoreException;
import dev.slipway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The facts of one run, in memory and on disk. A fact is written to disk first, unless it can be
 * found out again. While the database cannot be written the journal waits, for a fact that is only
 * in memory may be the id of a running deploy.
 */
final class RunJournal {
  private static final Logger LOG = LoggerFactory.getLogger(RunJournal.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int SETTLE_TRIES = 10;

  private final Runs runs;
  private final Lease lease;
  private final Time time;
  private final InstantSource calendar;
  private final FactRedactor redactor;
  private final LogWriter log;
  private volatile RunFacts facts;
  private final List<Fact> deferred = new ArrayList<>();
  // A clock that was set back while Slipway was away must not stop the run until it has caught up
  private final Duration ahead;
  private volatile @Nullable Long callStarted;

  RunJournal(
      Runs runs,
      LeasedRun leased,
      Time time,
      InstantSource calendar,
      FactRedactor factRedactor,
      LogWriter log) {
    this.runs = runs;
    this.lease = leased.lease();
    this.time = time;
    this.calendar = calendar;
    this.redactor = factRedactor;
    this.log = log;
    this.facts = new RunFacts(leased.facts());
    Duration future =
        facts.all().stream()
            .map(fact -> Duration.between(time.instant(), fact.at()))
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    this.ahead = future.isNegative() ? Duration.ZERO : future;
  }

  /** The present time of this run; never before any of its facts. */
  Instant now() {
    return time.instant().plus(ahead);
  }

  /** Converts a time of this run to the time of the clock. */
  Instant byClock(Instant instant) {
    return instant.minus(ahead);
  }

  RunFacts facts() {
    return facts;
  }

  void write(Fact fact) throws InterruptedException, LeaseLostException {
    write(List.of(fact), List.of());
  }

  /** Writes facts, statuses and the waiting lines of the log in one commit. */
  void write(List<Fact> news, List<Status> statuses)
      throws InterruptedException, LeaseLostException {
    Optional<Hold> _ =
        write(
            news,
            (all, lines) -> {
              runs.record(lease, all, statuses, lines, calendar.instant());
              return Optional.empty();
            });
  }

  /**
   * Writes an intent in the same way, unless something holds the run; from then on nothing does.
   *
   * @return what holds it; then nothing was written
   */
  Optional<Hold> writeIntent(Fact.Intended intent, List<Status> statuses)
      throws InterruptedException, LeaseLostException {
    return write(
        List.of(intent),
        (all, lines) -> runs.recordIntent(lease, all, statuses, lines, calendar.instant()));
  }

  private interface Writing {
    Optional<Hold> write(List<Fact> all, String lines) throws LeaseLostException;
  }

  private Optional<Hold> write(List<Fact> news, Writing writing)
      throws InterruptedException, LeaseLostException {
    List<Fact> clean = news.stream().map(redactor::clean).toList();
    List<Fact> all = Stream.concat(deferred.stream(), clean.stream()).toList();
    String lines = log.take();
    AtomicReference<Optional<Hold>> hold = new AtomicReference<>(Optional.empty());
    boolean written = false;
    try {
      retryUntilWritten(() -> hold.set(writing.write(all, lines)));
      written = hold.get().isEmpty();
    } finally {
      if (!written) {
        log.giveBack(lines);
      }
    }
    if (written) {
      deferred.clear();
      facts = facts.plus(clean);
    }
    return hold.get();
  }

  /**
   * Gives the run back to the head of its queue, unless nothing holds it any more or it is to stop.
   *
   * @return whether the run is no longer ours
   */
  boolean requeue() throws InterruptedException, LeaseLostException {
    AtomicBoolean left = new AtomicBoolean();
    String lines = log.takeAll();
    try {
      retryUntilWritten(() -> left.set(runs.requeue(lease, now(), lines, calendar.instant())));
    } finally {
      if (!left.get()) {
        log.giveBack(lines);
      }
    }
    return left.get();
  }

  /**
   * Adds a fact that can be found out again. It is written with the next one or with the end of the
   * run.
   */
  void defer(Fact fact) {
    Fact clean = redactor.clean(fact);
    deferred.add(clean);
    facts = facts.plus(List.of(clean));
  }

  /** Whether a fact waits to be written; the lines about it are written with it. */
  boolean hasDeferred() {
    return !deferred.isEmpty();
  }

  /**
   * Writes the fact unless it repeats the last one: a phase may be seen a thousand times. A
   * repeated phase began when it was first seen, as it will have after a restart.
   */
  void writeIfNew(Fact fact) throws InterruptedException, LeaseLostException {
    Fact clean = redactor.clean(fact);
    Fact repeated = repeated(facts.all().getLast(), clean);
    if (repeated == null) {
      write(clean);
    } else {
      facts = facts.withLast(repeated);
    }
  }

  private static @Nullable Fact repeated(Fact last, Fact next) {
    return switch (next) {
      case Fact.Seen seen when last instanceof Fact.Seen s && s.phase().equals(seen.phase()) ->
          new Fact.Seen(s.at(), s.target(), s.phase(), seen.until());
      case Fact.Unseen unseen
          when last instanceof Fact.Unseen u && u.reason().equals(unseen.reason()) ->
          new Fact.Unseen(u.at(), u.target(), u.reason(), unseen.until());
      case Fact.Checked checked
          when last instanceof Fact.Checked c
              && c.result().seen().equals(checked.result().seen())
              && c.result().getClass() == checked.result().getClass() ->
          new Fact.Checked(c.at(), c.target(), c.result(), checked.until());
      default -> null;
    };
  }

  /**
   * Makes the next poll of a deploy that goes on due now, in memory alone: after a restart it is at
   * once. A provider that could not be asked may have said when it wants to be asked again.
   */
  void pollNow() {
    Instant now = now();
    if (!facts.isEmpty()
        && facts.all().getLast() instanceof Fact.Seen f
        && now.isBefore(f.until())) {
      facts = facts.withLast(new Fact.Seen(f.at(), f.target(), f.phase(), now));
    }
  }

  /** Whether the run has asked a target with this destination last; called by other threads. */
  boolean leadsTo(Set<String> destinations) {
    for (Fact fact : facts.all().reversed()) {
      if (fact instanceof Fact.Intended intended) {
        return destinations.contains(intended.destination());
      }
    }
    return false;
  }

  /** Adds the requests to stop that any process stored for the run. */
  void readStopRequests() throws InterruptedException, LeaseLostException {
    retryUntilWritten(
        () ->
            facts =
                facts.plus(
                    runs.facts(lease.runId()).stream()
                        .filter(Fact.StopRequested.class::isInstance)
                        .filter(fact -> !facts.all().contains(fact))
                        .toList()));
  }

  /**
   * Ends the run, with the last of its facts and all lines of its log in one commit. Nothing can be
   * added to the log once the run has ended, so a log that cannot be written holds it up a little.
   */
  void settle(End end) throws InterruptedException, LeaseLostException {
    for (int tries = 0; tries < SETTLE_TRIES; tries++) {
      String lines = log.takeAll();
      if (tryWrite(() -> runs.settle(lease, deferred, end, lines, calendar.instant()))) {
        return;
      }
      log.giveBack(lines);
      time.sleep(RETRY);
      // As long as this cannot be written, the end cannot be either
      retryUntilWritten(() -> runs.renew(lease));
    }
    log.flush();
    retryUntilWritten(() -> runs.settle(lease, deferred, end, "", calendar.instant()));
  }

  /**
   * Returns only while no other worker can hold the run: asks the database, and asks again if the
   * answer took so long that it may be out of date.
   */
  void confirm() throws InterruptedException, LeaseLostException {
    Duration fresh = runs.lease().dividedBy(2);
    long asked;
    do {
      asked = time.nanos();
      retryUntilWritten(() -> runs.confirm(lease));
    } while (time.since(asked).compareTo(fresh) > 0);
  }

  private interface DatabaseCall {
    void run() throws LeaseLostException;
  }

  private void retryUntilWritten(DatabaseCall call)
      throws InterruptedException, LeaseLostException {
    while (!tryWrite(call)) {
      time.sleep(RETRY);
    }
  }

  private boolean tryWrite(DatabaseCall call) throws LeaseLostException {
    callStarted = time.nanos();
    try {
      call.run();
      return true;
    } catch (StoreException e) {
      LOG.debug("Run {} waits for the database: {}", lease.runId(), e.getMessage());
      return false;
    } finally {
      callStarted = null;
    }
  }

  /** How long the run has been inside the call of the database that it is in now. */
  Duration callDuration() {
    Long since = callStarted;
    return since == null ? Duration.ZERO : time.since(since);
  }
}
