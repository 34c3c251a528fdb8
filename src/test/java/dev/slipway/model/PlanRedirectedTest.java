package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The configuration leads elsewhere now, or has lost the target, while a run is under way. */
class PlanRedirectedTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(15),
          Duration.ofHours(1));
  private static final AttemptLimits NONE =
      new AttemptLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  private static final Fact INTENDED =
      new Fact.Intended(at(0), "api", null, "service a", Duration.ofHours(1));
  private static final Fact UNKNOWN =
      new Fact.Judged(at(1), "api", new Verdict.Unknown("no answer"));
  private static final Fact ABSENT =
      new Fact.LookedUp(
          at(600), "api", new LookupResult.NotThere("no deploy", Duration.ofSeconds(5)), at(605));
  private static final Fact ACCEPTED =
      new Fact.Judged(at(1), "api", new Verdict.Accepted("dep-1", "ok"));
  private static final String CHANGED =
      "It was to start at service a, and the configuration now says service b";
  private static final String LOST =
      "It was to start at service a, and the configuration no longer has this target";
  private static final Fact DETACHED = new Fact.Detached(at(60), "api", CHANGED);

  private static Instant at(int seconds) {
    return T0.plusSeconds(seconds);
  }

  private static Move next(int now, @Nullable String destination, Fact... log) {
    AttemptLimits limits = destination == null ? NONE : LIMITS;
    List<ChainEntry> chain =
        List.of(
            new ChainEntry("api", limits, null, destination),
            new ChainEntry("shell", LIMITS, null, ""));
    return Plan.next(new PlanInput(at(now), chain, new RunFacts(List.of(log))));
  }

  private static Move unknown(String why) {
    return new Move.Settle(
        new End.Errored(
            "Outcome unknown at api: " + why + ". Look at service a before you deploy again"));
  }

  @Test
  void what_may_have_started_there_is_neither_looked_up_here_nor_passed_over() {
    assertThat(next(60, "service b", INTENDED)).isEqualTo(unknown(CHANGED));
    assertThat(next(60, null, INTENDED)).isEqualTo(unknown(LOST));
    assertThat(next(60, "service b", INTENDED, UNKNOWN))
        .isEqualTo(unknown("no answer. " + CHANGED));
    assertThat(next(610, "service b", INTENDED, UNKNOWN, ABSENT))
        .isEqualTo(unknown("no answer. " + CHANGED));
  }

  @Test
  void a_busy_target_has_started_nothing_and_is_asked_where_it_is_now() {
    Fact busy = new Fact.Busy(at(1), "api", "429", at(10));
    assertThat(next(10, "service b", INTENDED, busy)).isEqualTo(new Move.Start("api"));
  }

  @Test
  void a_deploy_that_goes_on_there_is_said_to_be_out_of_sight() {
    assertThat(next(60, "service b", INTENDED, ACCEPTED))
        .isEqualTo(new Move.Detach("api", CHANGED));
    assertThat(next(60, null, INTENDED, ACCEPTED)).isEqualTo(new Move.Detach("api", LOST));
  }

  @Test
  void it_blocks_the_queue_for_as_long_as_it_may_run_by_the_limits_it_began_with() {
    assertThat(next(61, "service b", INTENDED, ACCEPTED, DETACHED))
        .isEqualTo(new Move.Wait(at(3601)));
    assertThat(next(61, null, INTENDED, ACCEPTED, DETACHED)).isEqualTo(new Move.Wait(at(3601)));
    assertThat(next(3601, null, INTENDED, ACCEPTED, DETACHED))
        .isEqualTo(
            new Move.Settle(
                new End.Errored("Could not be followed for 1 h: " + LOST + ". Look at service a")));
  }

  @Test
  void replaced_it_holds_the_queue_too_for_nobody_can_stop_it() {
    Fact replaced = new Fact.Replaced(at(70), "deployment 44");
    assertThat(next(71, "service b", INTENDED, ACCEPTED, DETACHED, replaced))
        .isEqualTo(new Move.Wait(at(3601)));
    assertThat(next(3601, "service b", INTENDED, ACCEPTED, DETACHED, replaced))
        .isEqualTo(notStopped("replaced by deployment 44"));
  }

  @Test
  void cancelled_it_is_not_said_to_be_stopped_for_it_may_be_live() {
    Fact cancelled = new Fact.CancelRequested(at(70), "ann", "wrong commit");
    assertThat(next(3601, "service b", INTENDED, ACCEPTED, DETACHED, cancelled))
        .isEqualTo(notStopped("cancelled by ann: wrong commit"));
  }

  private static Move notStopped(String words) {
    return new Move.Settle(
        new End.Errored(
            "Outcome unknown at api: %s, and could not be followed for 1 h: %s. Look at service a"
                .formatted(words, CHANGED)));
  }

  @Test
  void once_the_configuration_is_as_it_was_the_deploy_is_followed_again() {
    assertThat(next(61, "service a", INTENDED, ACCEPTED, DETACHED))
        .isEqualTo(new Move.Poll("api", "dep-1"));
  }

  @Test
  void what_has_ended_there_has_ended() {
    Fact ended = new Fact.Ended(at(50), "api", new End.Failed("build failed"));
    assertThat(next(60, null, INTENDED, ACCEPTED, ended))
        .isEqualTo(new Move.Settle(new End.Failed("build failed")));
  }
}
