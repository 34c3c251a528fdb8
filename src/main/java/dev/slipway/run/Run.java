package dev.slipway.run;

import dev.slipway.model.Attempt;
import dev.slipway.model.ChainEntry;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.Hold;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.LookupResult;
import dev.slipway.model.Move;
import dev.slipway.model.Plan;
import dev.slipway.model.PlanInput;
import dev.slipway.model.PollResult;
import dev.slipway.model.Repository;
import dev.slipway.model.RunPurpose;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Status;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.runlog.LogWriter;
import dev.slipway.store.Lease;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeasedRun;
import dev.slipway.targets.FencedException;
import dev.slipway.targets.NotConfigured;
import dev.slipway.targets.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the moves of one run, from the facts that are stored of it to its end. A run that a crash
 * cut short is resumed in the same way as a new one is begun.
 */
final class Run {
  private static final Duration LOOK_FOR_SLOT = Duration.ofMinutes(1);

  /** Where the provider does not ask for a longer wait. */
  private static final Duration LONGEST_BETWEEN_STOPS = Duration.ofMinutes(1);

  /** A command that ends sooner has its acceptance written together with its end. */
  private static final Duration SOON = Duration.ofMillis(50);

  private final LeasedRun leased;
  private final RunJournal journal;
  private final RouteTargets targets;
  private final RunWaiter waiter;
  private final CommandSlots slots;
  private final LogWriter log;
  private final Map<String, RunAttemptLog> attemptLogs = new HashMap<>();
  private boolean isWaitingForSlot;
  private Optional<Hold> hold = Optional.empty();

  Run(
      LeasedRun leased,
      RunJournal journal,
      RouteTargets targets,
      RunWaiter waiter,
      CommandSlots slots,
      LogWriter log) {
    this.leased = leased;
    this.journal = journal;
    this.targets = targets;
    this.waiter = waiter;
    this.slots = slots;
    this.log = log;
  }

  /**
   * Makes one move after another until the run has its end, or another worker has the run.
   *
   * @return empty when it waits in its queue again, for something holds it that was about to start
   */
  Optional<End> execute() throws InterruptedException, LeaseLostException {
    Optional<End> objection = objection();
    if (objection.isPresent()) {
      return Optional.of(settle(objection.get()));
    }
    logBeginning();
    return makeMoves();
  }

  /**
   * Does the same with a new run whose intent was stored together with it by this process. The
   * target has surely not been called yet.
   */
  Optional<End> executeFrom(Fact.Intended intent) throws InterruptedException, LeaseLostException {
    waiter.resume(() -> startAndRecord(intent.target()));
    if (!journal.hasDeferred()) {
      log.flush();
    }
    return makeMoves();
  }

  private Optional<End> makeMoves() throws InterruptedException, LeaseLostException {
    List<ChainEntry> chain = targets.chain(leased.run());
    while (true) {
      if (waiter.wasWoken()) {
        journal.readStopRequests();
        if (waiter.wasPollRequested()) {
          journal.pollNow();
        }
      }
      Move move = Plan.next(new PlanInput(journal.now(), chain, journal.facts()));
      if (move instanceof Move.Settle(End end)) {
        return Optional.of(settle(end));
      }
      if (waiter.isStopping() && !isBegun(move)) {
        throw new InterruptedException("Slipway stops");
      }
      if (acquireSlotFor(move)) {
        make(move);
      } else {
        awaitSlot();
      }
      if (hold.isPresent()) {
        if (isTurnedAway()) {
          return Optional.of(settle(new End.Cancelled("Turned away: " + hold.get().text())));
        }
        log.say("Waits again: " + hold.get().text());
        if (journal.requeue()) {
          return Optional.empty();
        }
        hold = Optional.empty();
        journal.readStopRequests();
      }
    }
  }

  /** What destroys an environment waits on every route. */
  private boolean isTurnedAway() {
    return leased.run().purpose() instanceof RunPurpose.Deploy
        && targets.gate().turnsAwayHeld(leased.run().route());
  }

  /** A command that was begun before a restart may run already, so it takes a slot at once. */
  private boolean acquireSlotFor(Move move) {
    Lease run = leased.lease();
    return switch (move) {
      case Move.Start(String target) when target(target).isCommand() -> slots.acquire(run, waiter);
      case Move.Start _ -> {
        slots.release(run);
        yield true;
      }
      case Move.Check _ -> {
        slots.release(run);
        yield true;
      }
      case Move.LookUp(String target) when target(target).isCommand() -> occupySlot(run);
      case Move.Poll(String target, _) when target(target).isCommand() -> occupySlot(run);
      default -> true;
    };
  }

  private boolean occupySlot(Lease run) {
    slots.occupy(run);
    return true;
  }

  /** Returns when there may be a slot, or the run is to stop. */
  private void awaitSlot() throws InterruptedException, LeaseLostException {
    if (!isWaitingForSlot) {
      isWaitingForSlot = true;
      String what =
          slots.limit() == 1
              ? "Waits for another command to end"
              : "Waits for one of " + slots.limit() + " commands to end";
      log.say(what + "; SLIPWAY_COMMANDS_AT_ONCE says how many run at once");
      journal.write(List.of(), List.of(new Status(GithubState.IN_PROGRESS, what)));
      log.flush();
    }
    waiter.awaitUntil(journal.byClock(journal.now().plus(LOOK_FOR_SLOT)));
  }

  private Optional<End> objection() throws InterruptedException {
    return journal.facts().isBeginning()
        ? targets.gate().objection(leased.deployment(), leased.run(), log::say)
        : Optional.empty();
  }

  /**
   * Whether the move is made even while Slipway stops: a command on this host ends with the host,
   * and the other moves only write what is already known.
   */
  private boolean isBegun(Move move) {
    return switch (move) {
      case Move.Conclude _, Move.Stop _, Move.Settle _ -> true;
      case Move.Poll(String target, _) -> target(target).isOnThisHost();
      case Move.Start _,
          Move.LookUp _,
          Move.Check _,
          Move.AwaitHost _,
          Move.Detach _,
          Move.Wait _ ->
          false;
    };
  }

  private void logBeginning() throws InterruptedException, LeaseLostException {
    if (!journal.facts().isEmpty()) {
      log.say("Slipway takes this run up where it was left");
    } else {
      log.say(firstLine(leased));
    }
    if (leased.lastState() == GithubState.QUEUED) {
      journal.write(
          List.of(),
          List.of(new Status(GithubState.IN_PROGRESS, "Starts on route " + leased.run().route())));
    }
    if (!journal.facts().isEmpty()) {
      // The next move may be a wait; the first line of a new run is written with its first intent
      log.flush();
    }
  }

  /** The first line of a run. */
  static String firstLine(LeasedRun leased) {
    Deployment deployment = leased.deployment().deployment();
    if (leased.run().purpose() instanceof RunPurpose.Destroy destroy) {
      return "Destroying %s%s, for %s (run %d, route %s)"
          .formatted(
              deployment.environment().name(),
              of(deployment.repository()),
              destroy.reason(),
              leased.run().number(),
              leased.run().route());
    }
    return "Deploying %s%s to %s (run %d, route %s)"
        .formatted(
            deployment.shortSha(),
            of(deployment.repository()),
            deployment.environment().name(),
            leased.run().number(),
            leased.run().route());
  }

  /** An order of the API may name no repository. */
  private static String of(Repository repository) {
    return repository.isNamed() ? " of " + repository.fullName() : "";
  }

  private void make(Move move) throws InterruptedException, LeaseLostException {
    switch (move) {
      case Move.Start(String target) -> waiter.begin(() -> start(target));
      case Move.Conclude(String target, Verdict verdict) ->
          waiter.resume(() -> recordVerdict(target, verdict));
      case Move.LookUp(String target) -> lookUp(target);
      case Move.Poll(String target, String id) when target(target).isOnThisHost() ->
          waiter.resume(() -> poll(target, id));
      case Move.Poll(String target, String id) -> poll(target, id);
      case Move.Check(String target) -> check(target);
      case Move.Stop stop -> waiter.resume(() -> stop(stop));
      case Move.AwaitHost(String target, String host) -> recordHostAway(target, host);
      case Move.Detach(String target, String reason) -> recordDetached(target, reason);
      case Move.Wait(Instant until) -> await(until);
      case Move.Settle(_) -> throw new IllegalStateException("settling is the end of the loop");
    }
    if (!journal.hasDeferred()) {
      log.flush();
    }
  }

  private void await(Instant until) throws InterruptedException {
    log.flush();
    waiter.awaitUntil(journal.byClock(until));
  }

  private void start(String target) throws InterruptedException, LeaseLostException {
    if (target(target) instanceof NotConfigured(_, String reason)) {
      // Nothing will be called, so there is neither an intent to store nor a status to post
      recordVerdict(target, new Verdict.Skipped(reason));
      return;
    }
    if (journal.facts().attempt(target).isRestart()) {
      log.say(target + " surely started nothing before Slipway stopped; starting it again");
    }
    Fact.Intended intent = targets.intent(leased.run(), target, journal.now());
    hold = journal.writeIntent(intent, statusesBefore(target));
    if (hold.isPresent()) {
      return;
    }
    isWaitingForSlot = false;
    startAndRecord(target);
  }

  private void startAndRecord(String target) throws InterruptedException, LeaseLostException {
    StartAnswer answer = startDeploy(target);
    recordAnswer(
        answer instanceof Verdict.Accepted,
        () -> {
          switch (answer) {
            case Verdict verdict -> recordVerdict(target, verdict);
            case StartAnswer.Busy(String reason, Duration again) ->
                recordBusy(target, reason, again);
          }
        });
  }

  private StartAnswer startDeploy(String target) throws InterruptedException, LeaseLostException {
    try {
      return targets
          .executor()
          .start(target(target), attempt(target), new AttemptFence(journal), lines(target));
    } catch (FencedException e) {
      throw new LeaseLostException(leased.lease(), e);
    }
  }

  private void recordBusy(String target, String reason, Duration again)
      throws InterruptedException, LeaseLostException {
    log.say(target + " is busy, asking again in " + again.toSeconds() + " s: " + reason);
    Instant now = journal.now();
    journal.write(new Fact.Busy(now, target, reason, now.plus(again)));
  }

  /**
   * Writes down what a target answered. Our own interrupt closes files and connections under it,
   * and looks to it like a refusal; only what it surely did not make up is kept then.
   */
  private static void recordAnswer(boolean surely, RunWaiter.Action writing)
      throws InterruptedException, LeaseLostException {
    boolean interrupted = Thread.interrupted();
    if (interrupted && !surely) {
      throw new InterruptedException("what came of an interrupted call is no answer");
    }
    writing.run();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A refusal before this target is worth a status on GitHub. */
  private List<Status> statusesBefore(String target) {
    if (isWaitingForSlot) {
      return List.of(new Status(GithubState.IN_PROGRESS, "Starting " + target));
    }
    return journal.facts().attempt(target).isEmpty()
        ? journal.facts().lastRefusal().stream()
            .map(
                refusal ->
                    new Status(
                        GithubState.IN_PROGRESS,
                        "Trying %s; %s refused: %s"
                            .formatted(target, refusal.target(), refusal.verdict().reason())))
            .toList()
        : List.of();
  }

  private void recordVerdict(String target, Verdict verdict)
      throws InterruptedException, LeaseLostException {
    log.say(
        switch (verdict) {
          case Verdict.Skipped(String reason) -> target + " skipped: " + reason;
          case Verdict.Refused(String reason) -> target + " refused: " + reason;
          case Verdict.Unknown(String reason, _) ->
              target + ": unknown whether it started: " + reason + ". Looking it up";
          case Verdict.Accepted(String id, String reason) ->
              target + " accepted" + (reason.isEmpty() ? "" : ": " + reason) + " (" + id + ")";
        });
    Instant now = journal.now();
    Fact.Judged judged = new Fact.Judged(now, target, verdict);
    if (verdict instanceof Verdict.Accepted && isJustStartedHere(target, now)) {
      journal.defer(judged);
    } else {
      journal.write(judged);
    }
  }

  /** Then the next poll comes at once, and after a crash a lookup finds the command here. */
  private boolean isJustStartedHere(String target, Instant now) {
    return target(target).isOnThisHost()
        && Duration.between(attemptedSince(target), now).compareTo(SOON) < 0;
  }

  private void lookUp(String target) throws InterruptedException, LeaseLostException {
    LookupResult result = target(target).lookUp(attempt(target), lines(target));
    recordAnswer(result instanceof LookupResult.Found, () -> recordLookup(target, result));
  }

  private void recordLookup(String target, LookupResult result)
      throws InterruptedException, LeaseLostException {
    if (result instanceof LookupResult.Found(String id, String reason)) {
      recordVerdict(target, new Verdict.Accepted(id, reason));
      return;
    }
    Instant now = journal.now();
    Instant until =
        switch (result) {
          case LookupResult.NotThere(_, Duration again) -> now.plus(again);
          case LookupResult.Unreachable(_, Duration again) -> now.plus(again);
          case LookupResult.CannotKnow _, LookupResult.Found _ -> now;
        };
    journal.write(new Fact.LookedUp(now, target, result, until));
  }

  private void recordHostAway(String target, String host)
      throws InterruptedException, LeaseLostException {
    String what = "Waiting for %s: only there is known what became of %s".formatted(host, target);
    log.say(what);
    journal.write(
        List.of(new Fact.HostAway(journal.now(), target, host)),
        List.of(new Status(GithubState.IN_PROGRESS, what)));
  }

  private void recordDetached(String target, String reason)
      throws InterruptedException, LeaseLostException {
    log.say(target + " cannot be followed until its deadline: " + reason);
    journal.write(
        List.of(new Fact.Detached(journal.now(), target, reason)),
        List.of(new Status(GithubState.IN_PROGRESS, "Not followed any more. " + reason)));
  }

  private void poll(String target, String id) throws InterruptedException, LeaseLostException {
    PollResult result = target(target).poll(attempt(target), id, lines(target));
    recordAnswer(result instanceof PollResult.Over, () -> recordPoll(target, result));
  }

  private void recordPoll(String target, PollResult result)
      throws InterruptedException, LeaseLostException {
    Instant now = journal.now();
    switch (result) {
      case PollResult.Going(String phase, Duration again) ->
          journal.writeIfNew(new Fact.Seen(now, target, phase, now.plus(again)));
      case PollResult.Unseen(String reason, Duration again) ->
          journal.writeIfNew(new Fact.Unseen(now, target, reason, now.plus(again)));
      // Nothing to write down: a limit that is reached meanwhile waits for a poll, too
      case PollResult.NotYet(Duration again) -> await(now.plus(again));
      case PollResult.Over(End end) -> recordEnd(new Fact.Ended(now, target, end));
    }
  }

  /** The time for a check counts from the end, so that is written down before the first one. */
  private void recordEnd(Fact.Ended ended) throws InterruptedException, LeaseLostException {
    if (ended.end() instanceof End.Succeeded && !target(ended.target()).limits().check().isZero()) {
      journal.write(ended);
    } else {
      journal.defer(ended);
    }
  }

  private void check(String target) throws InterruptedException, LeaseLostException {
    LiveCheckResult result = target(target).check(leased.deployment().deployment());
    recordAnswer(result instanceof LiveCheckResult.Passed, () -> recordCheck(target, result));
  }

  private void recordCheck(String target, LiveCheckResult result)
      throws InterruptedException, LeaseLostException {
    Instant now = journal.now();
    Optional<Fact.Checked> last = journal.facts().attempt(target).last(Fact.Checked.class);
    boolean isNew = last.isEmpty() || !last.get().result().seen().equals(result.seen());
    if (isNew) {
      log.say("Check of " + target + ": " + result.seen());
    }
    switch (result) {
      case LiveCheckResult.Passed _ -> journal.write(new Fact.Checked(now, target, result, now));
      case LiveCheckResult.NotYet(String seen, Duration again) -> {
        Fact.Checked checked = new Fact.Checked(now, target, result, now.plus(again));
        if (last.isEmpty()) {
          journal.write(
              List.of(checked),
              List.of(new Status(GithubState.IN_PROGRESS, "Live, checking it: " + seen)));
        } else {
          journal.writeIfNew(checked);
        }
      }
    }
  }

  private void stop(Move.Stop stop) throws InterruptedException, LeaseLostException {
    String target = stop.target();
    boolean isFirst = journal.facts().attempt(target).first(Fact.StopSent.class).isEmpty();
    log.say("Stopping %s%s: %s".formatted(target, isFirst ? "" : " again", stop.words()));
    StopResult result = target(target).stop(attempt(target), stop.id(), lines(target));
    recordAnswer(
        false,
        () -> {
          Instant now = journal.now();
          journal.write(
              new Fact.StopSent(
                  now,
                  target,
                  stop.reason(),
                  result.outcome(),
                  switch (result) {
                    case StopResult.Done _ -> null;
                    case StopResult.NotYet(_, Duration again) ->
                        now.plus(beforeNextStop(target, again, now));
                  }));
        });
  }

  /** Each wait is about as long as it has been tried so far. */
  private Duration beforeNextStop(String target, Duration least, Instant now) {
    Duration tried =
        journal
            .facts()
            .attempt(target)
            .first(Fact.StopSent.class)
            .map(first -> Duration.between(first.at(), now))
            .orElse(Duration.ZERO);
    Duration wait = tried.compareTo(LONGEST_BETWEEN_STOPS) < 0 ? tried : LONGEST_BETWEEN_STOPS;
    return wait.compareTo(least) > 0 ? wait : least;
  }

  private End settle(End ended) throws InterruptedException, LeaseLostException {
    End end = leased.run().purpose().endOf(ended);
    log.say(sentence(end));
    waiter.resume(() -> journal.settle(end));
    return end;
  }

  private static String sentence(End end) {
    String word =
        switch (end) {
          case End.Succeeded _ -> "Succeeded";
          case End.Failed _ -> "Failed";
          case End.Errored _ -> "Error";
          case End.Cancelled _ -> "Cancelled";
          case End.Superseded _ -> "Superseded";
          case End.Destroyed _ -> "Destroyed";
        };
    return word + ": " + end.reason();
  }

  private Target target(String name) {
    return targets.of(leased.run(), name);
  }

  /** When the last attempt at a target began; now, if there was none. */
  private Instant attemptedSince(String target) {
    return journal.facts().attempt(target).since().orElseGet(journal::now);
  }

  private RunAttemptLog lines(String target) {
    return attemptLogs.computeIfAbsent(target, name -> new RunAttemptLog(log, name));
  }

  private Attempt attempt(String target) {
    return new Attempt(
        leased.deployment().deployment(),
        leased.deployment().id(),
        leased.run().number(),
        target,
        attemptedSince(target),
        journal.facts().attempt(target).host());
  }
}
