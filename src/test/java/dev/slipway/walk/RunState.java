package dev.slipway.walk;

import dev.slipway.model.AttemptLimits;
import dev.slipway.model.ChainEntry;
import dev.slipway.model.CommandHost;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.PlanInput;
import dev.slipway.model.RunFacts;
import dev.slipway.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run and all that is true about it, whether or not Slipway knows: what is on disk, what is at
 * the providers, how the process is configured. Two targets stand in the chain, a provider and a
 * command of one machine.
 *
 * @param minute since the run began
 * @param destination of the provider's target now; null when the configuration has lost it
 * @param host on which the process runs now
 * @param crashes how many more there may be
 * @param changes of configuration or machine there may be
 */
record RunState(
    int minute,
    List<Fact> log,
    List<Deploy> deploys,
    @Nullable String destination,
    int host,
    int crashes,
    int changes) {
  static final String PROVIDER = "api";
  static final String COMMAND = "shell";
  static final int GRACE = 1;
  static final int TOTAL = 4;
  static final int LOOKUP = 3;
  static final int CHECK = 2;
  static final Duration AGAIN = Duration.ofMinutes(1);

  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(2),
          Duration.ofMinutes(GRACE),
          Duration.ofMinutes(LOOKUP),
          Duration.ofMinutes(TOTAL));

  /** What the provider puts live is checked. */
  private static final AttemptLimits CHECKED = LIMITS.withCheck(Duration.ofMinutes(CHECK));

  private static final AttemptLimits NONE =
      new AttemptLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  /** Where a deploy is. */
  enum State {
    /** The request is still on its way. */
    COMING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    STOPPED
  }

  /**
   * A deploy that was asked for.
   *
   * @param where its destination, or its machine
   * @param lands when its request has arrived at the latest
   */
  record Deploy(String target, String where, int lands, State state) {
    boolean isVisible() {
      return state != State.COMING;
    }

    Deploy in(State next) {
      return new Deploy(target, where, lands, next);
    }
  }

  static RunState begin(int crashes, int changes) {
    return new RunState(0, List.of(), List.of(), "a", 1, crashes, changes);
  }

  Instant now() {
    return at(minute);
  }

  static Instant at(int minute) {
    return T0.plus(Duration.ofMinutes(minute));
  }

  PlanInput facts() {
    return new PlanInput(now(), List.of(entry(PROVIDER), entry(COMMAND)), new RunFacts(log));
  }

  ChainEntry entry(String target) {
    return target.equals(PROVIDER)
        ? new ChainEntry(target, destination == null ? NONE : CHECKED, null, destination)
        : new ChainEntry(target, LIMITS, commandHost(), where(COMMAND));
  }

  /** Whether what ended so is to be checked; such an end is written down at once. */
  boolean isCheckedAfter(Fact.Ended ended) {
    return ended.end() instanceof End.Succeeded && !entry(ended.target()).limits().check().isZero();
  }

  boolean isLost(String target) {
    return target.equals(PROVIDER) && destination == null;
  }

  /** Where a target would start a deploy now. */
  String where(String target) {
    return target.equals(PROVIDER) ? String.valueOf(destination) : "machine " + host;
  }

  CommandHost commandHost() {
    return new CommandHost("place " + host, "machine " + host, "boot");
  }

  Fact.Intended intent(String target) {
    return new Fact.Intended(
        now(),
        target,
        target.equals(COMMAND) ? commandHost() : null,
        where(target),
        Duration.ofMinutes(TOTAL));
  }

  Optional<Deploy> deploy(String target) {
    return deploys.stream().filter(deploy -> deploy.target().equals(target)).findFirst();
  }

  boolean isToStop() {
    return log.stream().anyMatch(Fact.StopRequested.class::isInstance);
  }

  RunState with(Fact... news) {
    List<Fact> all = new ArrayList<>(log);
    all.addAll(List.of(news));
    return new RunState(minute, List.copyOf(all), deploys, destination, host, crashes, changes);
  }

  /** In place of the last fact, which said the same. */
  RunState withLast(Fact fact) {
    List<Fact> all = new ArrayList<>(log);
    all.set(all.size() - 1, fact);
    return new RunState(minute, List.copyOf(all), deploys, destination, host, crashes, changes);
  }

  RunState asking(String target, State state) {
    List<Deploy> all = new ArrayList<>(deploys);
    all.add(new Deploy(target, where(target), minute + GRACE, state));
    return new RunState(minute, log, List.copyOf(all), destination, host, crashes, changes);
  }

  RunState in(Deploy deploy, State state) {
    List<Deploy> all = new ArrayList<>(deploys);
    all.set(all.indexOf(deploy), deploy.in(state));
    return new RunState(minute, log, List.copyOf(all), destination, host, crashes, changes);
  }

  RunState crashed() {
    return new RunState(minute, onDisk(), deploys, destination, host, crashes - 1, changes);
  }

  RunState changed(@Nullable String destination, int machine) {
    return new RunState(minute, onDisk(), deploys, destination, machine, crashes, changes - 1);
  }

  /**
   * What says nothing new is kept in memory only: another life finds the first look of it. So is
   * that a command was just started, until something else is written down.
   */
  List<Fact> onDisk() {
    return log.stream()
        .filter(fact -> !isUnwritten(fact))
        .map(
            fact ->
                switch (fact) {
                  case Fact.Seen f ->
                      new Fact.Seen(f.at(), f.target(), f.phase(), f.at().plus(AGAIN));
                  case Fact.Unseen f ->
                      new Fact.Unseen(f.at(), f.target(), f.reason(), f.at().plus(AGAIN));
                  case Fact.Checked(
                          Instant at,
                          String target,
                          LiveCheckResult.NotYet result,
                          Instant _) ->
                      new Fact.Checked(at, target, result, at.plus(AGAIN));
                  default -> fact;
                })
        .toList();
  }

  private boolean isUnwritten(Fact fact) {
    return fact instanceof Fact.Judged judged
        && judged.verdict() instanceof Verdict.Accepted
        && judged.target().equals(COMMAND)
        && new RunFacts(log).attempt(COMMAND).since().orElseThrow().equals(judged.at())
        && log.stream()
            .filter(one -> !(one instanceof Fact.StopRequested))
            .toList()
            .getLast()
            .equals(fact);
  }

  /** Later; requests arrive at their time. */
  RunState later(int minutes) {
    int then = minute + minutes;
    List<Deploy> arrived =
        deploys.stream()
            .map(
                deploy ->
                    deploy.state() == State.COMING && deploy.lands() <= then
                        ? deploy.in(State.RUNNING)
                        : deploy)
            .toList();
    return new RunState(then, log, arrived, destination, host, crashes, changes);
  }
}
