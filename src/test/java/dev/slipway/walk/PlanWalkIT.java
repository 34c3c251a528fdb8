package dev.slipway.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.model.ChainEntry;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.LookupResult;
import dev.slipway.model.Move;
import dev.slipway.model.Plan;
import dev.slipway.model.PlanInput;
import dev.slipway.model.RunFacts;
import dev.slipway.model.StopReason;
import dev.slipway.model.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Walks through every reachable sequence of facts, up to a depth, against an adversary: it crashes
 * us before and after each commit and call, loses and delays answers, lets deploys finish, fail or
 * never end, sends newer deployments, cancels, changes the configuration and hands the run to
 * another machine.
 */
class PlanWalkIT {
  private static final int DEPTH = 7;

  @Test
  void no_second_start_no_next_target_after_a_doubt_and_an_end_always_in_reach() {
    Walk walk = new Walk(Plan::next, Adversary::events, RunState.begin(2, 2));
    walk.to(DEPTH);
    System.out.printf(
        "The walk saw %,d states up to depth %d, and %,d ends%n",
        walk.states(), DEPTH, walk.ends());
    assertThat(walk.states()).isGreaterThan(10_000);
    assertThat(walk.ends()).isPositive();
  }

  @Test
  void the_same_where_a_lock_is_found_in_the_place_of_a_start() {
    Walk walk = new Walk(Plan::next, PlanWalkIT::withLocks, RunState.begin(1, 1));
    walk.to(DEPTH - 1);
    assertThat(walk.states()).isGreaterThan(10_000);
  }

  private static List<RunState> withLocks(RunState world) {
    List<RunState> all = new ArrayList<>(Adversary.events(world));
    boolean isHeld = !world.log().isEmpty() && world.log().getLast() instanceof Fact.Held;
    if (!isHeld
        && Plan.next(world.facts()) instanceof Move.Start(String target)
        && !world.isLost(target)) {
      all.add(world.with(new Fact.Held(world.now(), "Locked by ann")));
    }
    return all;
  }

  /** Plans with one rule broken each. */
  enum Mutant {
    A_CRASH_IS_FORGOTTEN(
        (_, move) ->
            move instanceof Move.Conclude(String target, Verdict.Unknown _)
                ? new Move.Start(target)
                : move),
    A_DOUBT_IS_A_REFUSAL(
        (_, move) ->
            move instanceof Move.LookUp(String target)
                ? new Move.Conclude(target, new Verdict.Refused("surely not"))
                : move),
    ABSENT_AT_THE_FIRST_LOOK(
        (facts, move) ->
            !(move instanceof Move.Settle) && finding(facts) instanceof LookupResult.NotThere
                ? new Move.Conclude(target(facts), new Verdict.Refused("not there"))
                : move),
    UNREACHABLE_IS_ABSENT(
        (facts, move) ->
            finding(facts) instanceof LookupResult.Unreachable
                ? new Move.Conclude(target(facts), new Verdict.Refused("not reached"))
                : move),
    UNKNOWABLE_IS_ABSENT(
        (facts, move) ->
            finding(facts) instanceof LookupResult.CannotKnow
                ? new Move.Conclude(target(facts), new Verdict.Refused("no way to know"))
                : move),
    A_FAILED_BUILD_FALLS_THROUGH(
        (facts, move) ->
            move instanceof Move.Settle(End.Failed _)
                    && facts.facts().all().stream().noneMatch(fact -> isOf(fact, RunState.COMMAND))
                ? new Move.Start(RunState.COMMAND)
                : move),
    STARTS_AGAIN_AFTER_EVERY_CRASH(
        (facts, move) ->
            move instanceof Move.Conclude(String target, Verdict.Refused(String reason))
                    && reason.startsWith("Slipway stopped")
                ? new Move.Start(target)
                : move),
    THE_CONFIGURATION_NEVER_CHANGES((facts, _) -> Plan.next(unchanged(facts))),
    EVERY_MACHINE_IS_THIS_ONE((facts, _) -> Plan.next(here(facts))),
    REPLACED_IS_OVER(
        (facts, move) ->
            move instanceof Move.Stop
                    && facts.facts().all().stream().anyMatch(Fact.Replaced.class::isInstance)
                ? new Move.Settle(new End.Superseded("Replaced"))
                : move),
    REPLACED_STARTS_ALL_THE_SAME((facts, _) -> Plan.next(without(facts, Fact.Replaced.class))),
    CANCELLED_IS_OVER(
        (_, move) ->
            move instanceof Move.Stop stop && stop.reason() == StopReason.CANCELLED
                ? new Move.Settle(new End.Cancelled("Cancelled by ann"))
                : move),
    CANCELLED_STARTS_ALL_THE_SAME(
        (facts, _) -> Plan.next(without(facts, Fact.CancelRequested.class))),
    CANCELLED_THOUGH_LIVE(
        (facts, move) ->
            move instanceof Move.Settle(End.Succeeded _)
                ? facts
                    .facts()
                    .stopRequest()
                    .<Move>map(request -> new Move.Settle(request.end("")))
                    .orElse(move)
                : move),
    CANCELLED_COUNTS_AS_REPLACED(
        (_, move) ->
            move instanceof Move.Settle(End.Cancelled(String reason))
                ? new Move.Settle(new End.Superseded(reason))
                : move),
    BUSY_FOR_EVER(
        (facts, move) ->
            move instanceof Move.Conclude(String target, Verdict.Refused(String reason))
                    && reason.startsWith("busy, and")
                ? new Move.Start(target)
                : move),
    NO_DEADLINE(
        (facts, move) ->
            move instanceof Move.Stop stop && stop.reason() == StopReason.DEADLINE
                ? new Move.Wait(facts.now().plus(Duration.ofMinutes(1)))
                : move),
    A_STOP_IS_TRIED_ONCE((facts, _) -> Plan.next(answeredStops(facts))),
    STOPPED_FOR_EVER(
        (facts, move) ->
            move instanceof Move.Settle
                    && facts.facts().stopRequest().isEmpty()
                    && isUnanswered(last(facts))
                ? new Move.Wait(facts.now().plus(Duration.ofMinutes(1)))
                : move),
    NO_LIMIT_TO_LOOKING_UP(
        (facts, move) ->
            move instanceof Move.Settle && finding(facts) instanceof LookupResult.Unreachable
                ? new Move.LookUp(target(facts))
                : move),
    CHECKED_FOR_EVER(
        (facts, move) ->
            move instanceof Move.Settle(End.Failed _) && last(facts) instanceof Fact.Checked
                ? new Move.Wait(facts.now().plus(Duration.ofMinutes(1)))
                : move),
    ONE_CHECK_IS_ENOUGH(
        (facts, move) ->
            move instanceof Move.Wait && last(facts) instanceof Fact.Checked
                ? new Move.Settle(new End.Failed("503"))
                : move),
    CHECKED_BEFORE_IT_IS_LIVE(
        (_, move) -> move instanceof Move.Poll(String target, _) ? new Move.Check(target) : move),
    AWAY_FOR_EVER(
        (facts, move) ->
            move instanceof Move.Settle && last(facts) instanceof Fact.HostAway
                ? new Move.Wait(facts.now().plus(Duration.ofMinutes(1)))
                : move);

    // Each is a lambda that keeps nothing
    @SuppressWarnings("ImmutableEnumChecker")
    private final BiFunction<PlanInput, Move, Move> change;

    Mutant(BiFunction<PlanInput, Move, Move> change) {
      this.change = change;
    }

    Move next(PlanInput facts) {
      return change.apply(facts, Plan.next(facts));
    }

    private static PlanInput without(PlanInput facts, Class<? extends Fact> kind) {
      return new PlanInput(
          facts.now(),
          facts.chain(),
          new RunFacts(
              facts.facts().all().stream().filter(fact -> !kind.isInstance(fact)).toList()));
    }

    private static PlanInput answeredStops(PlanInput facts) {
      return new PlanInput(
          facts.now(),
          facts.chain(),
          new RunFacts(
              facts.facts().all().stream()
                  .map(
                      fact ->
                          fact instanceof Fact.StopSent stop
                              ? new Fact.StopSent(
                                  stop.at(), stop.target(), stop.reason(), stop.outcome())
                              : fact)
                  .toList()));
    }

    private static boolean isUnanswered(@Nullable Fact fact) {
      return fact instanceof Fact.StopSent stop && !stop.isDone();
    }

    private static Fact.@Nullable OfTarget last(PlanInput facts) {
      return facts.facts().all().stream()
          .filter(Fact.OfTarget.class::isInstance)
          .map(Fact.OfTarget.class::cast)
          .reduce((_, later) -> later)
          .orElse(null);
    }

    private static @Nullable LookupResult finding(PlanInput facts) {
      return last(facts) instanceof Fact.LookedUp looked ? looked.result() : null;
    }

    private static String target(PlanInput facts) {
      return Objects.requireNonNull(last(facts)).target();
    }

    private static boolean isOf(Fact fact, String target) {
      return fact instanceof Fact.OfTarget of && of.target().equals(target);
    }

    private static PlanInput unchanged(PlanInput facts) {
      return with(
          facts,
          (step, intended) ->
              new ChainEntry(step.target(), step.limits(), step.here(), intended.destination()));
    }

    private static PlanInput here(PlanInput facts) {
      return with(
          facts,
          (step, intended) ->
              step.here() == null
                  ? step
                  : new ChainEntry(
                      step.target(), step.limits(), intended.host(), intended.destination()));
    }

    private static PlanInput with(
        PlanInput facts, BiFunction<ChainEntry, Fact.Intended, ChainEntry> change) {
      List<ChainEntry> chain =
          facts.chain().stream()
              .map(
                  step ->
                      facts.facts().all().reversed().stream()
                          .filter(fact -> isOf(fact, step.target()))
                          .filter(Fact.Intended.class::isInstance)
                          .findFirst()
                          .map(fact -> change.apply(step, (Fact.Intended) fact))
                          .orElse(step))
              .toList();
      return new PlanInput(facts.now(), chain, facts.facts());
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_plan_with_a_broken_rule_is_found_out(Mutant mutant) {
    Walk walk = new Walk(mutant::next, Adversary::events, RunState.begin(2, 1));
    assertThatThrownBy(() -> walk.to(DEPTH)).isInstanceOf(Walk.Violation.class);
  }
}
