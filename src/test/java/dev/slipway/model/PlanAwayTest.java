package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A command whose host died, as another host has to see it. */
class PlanAwayTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final CommandHost WEB_1 = new CommandHost("a", "web-1", "boot");
  private static final CommandHost WEB_2 = new CommandHost("b", "web-2", "boot");
  private static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(15),
          Duration.ofHours(1));
  private static final Fact INTENDED = new Fact.Intended(at(0), "shell", WEB_1, "", Duration.ZERO);
  private static final Fact AWAY = new Fact.HostAway(at(30), "shell", "web-1");

  /** What was on disk when web-1 died. */
  static final List<List<Fact>> UNDECIDED =
      List.of(
          List.of(INTENDED),
          List.of(INTENDED, judged(new Verdict.Unknown("it may have been started"))),
          List.of(
              INTENDED,
              judged(new Verdict.Unknown("it may have been started")),
              new Fact.LookedUp(
                  at(2), "shell", new LookupResult.NotThere("no", Duration.ofSeconds(1)), at(3))),
          List.of(INTENDED, judged(new Verdict.Accepted("1-1-0", "pid 7"))),
          List.of(
              INTENDED,
              judged(new Verdict.Accepted("1-1-0", "pid 7")),
              new Fact.Seen(at(2), "shell", "running", at(2))));

  private static Instant at(int seconds) {
    return T0.plusSeconds(seconds);
  }

  private static Fact judged(Verdict verdict) {
    return new Fact.Judged(at(1), "shell", verdict);
  }

  private static List<Fact> and(List<Fact> log, Fact... more) {
    return Stream.concat(log.stream(), Stream.of(more)).toList();
  }

  private static Move next(int now, @Nullable CommandHost here, List<Fact> log) {
    List<ChainEntry> chain =
        List.of(
            new ChainEntry("shell", LIMITS, here, ""), new ChainEntry("hook", LIMITS, null, ""));
    return Plan.next(new PlanInput(at(now), chain, new RunFacts(log)));
  }

  @ParameterizedTest
  @FieldSource("UNDECIDED")
  void it_is_waited_for_and_then_ends_as_unknown(List<Fact> log) {
    assertThat(next(30, WEB_2, log)).isEqualTo(new Move.AwaitHost("shell", "web-1"));
    assertThat(next(31, WEB_2, and(log, AWAY))).isEqualTo(new Move.Wait(at(930)));
    assertThat(next(930, WEB_2, and(log, AWAY)))
        .isEqualTo(
            new Move.Settle(
                new End.Errored(
                    "Interrupted; outcome unknown: shell was started on web-1, which has been away"
                        + " for 15 m. Look there before you deploy again")));
  }

  @ParameterizedTest
  @FieldSource("UNDECIDED")
  void a_deployment_that_replaces_it_waits_too(List<Fact> log) {
    Fact replaced = new Fact.Replaced(at(20), "deployment 44");
    assertThat(next(30, WEB_2, and(log, replaced))).isEqualTo(new Move.AwaitHost("shell", "web-1"));
    assertThat(next(31, WEB_2, and(log, replaced, AWAY))).isEqualTo(new Move.Wait(at(930)));
  }

  @ParameterizedTest
  @FieldSource("UNDECIDED")
  void the_host_that_comes_back_goes_on_as_if_nobody_had_waited(List<Fact> log) {
    Move alone = next(60, WEB_1, log);
    assertThat(alone).isNotInstanceOf(Move.AwaitHost.class).isNotInstanceOf(Move.Start.class);
    assertThat(next(60, WEB_1, and(log, AWAY))).isEqualTo(alone);
  }

  @Test
  void it_is_waited_for_anew_when_it_was_back_in_between() {
    List<Fact> log =
        List.of(
            INTENDED,
            judged(new Verdict.Accepted("1-1-0", "pid 7")),
            AWAY,
            new Fact.Seen(at(600), "shell", "running", at(600)));
    assertThat(next(940, WEB_2, log)).isEqualTo(new Move.AwaitHost("shell", "web-1"));
  }

  @Test
  void what_is_decided_needs_no_host() {
    Fact accepted = judged(new Verdict.Accepted("1-1-0", "pid 7"));
    End failed = new End.Failed("Command exited with 1");
    assertThat(next(9, WEB_2, List.of(INTENDED, judged(new Verdict.Refused("no directory")))))
        .isEqualTo(new Move.Start("hook"));
    assertThat(next(9, WEB_2, List.of(INTENDED, accepted, new Fact.Ended(at(8), "shell", failed))))
        .isEqualTo(new Move.Settle(failed));
    assertThat(
            next(
                9,
                WEB_2,
                List.of(INTENDED, new Fact.Busy(at(1), "shell", "no processes left", at(5)))))
        .isEqualTo(new Move.Start("shell"));
  }

  @Test
  void what_runs_at_a_provider_is_seen_from_everywhere() {
    List<Fact> log = List.of(new Fact.Intended(at(0), "hook", null, "", Duration.ZERO));
    List<ChainEntry> chain =
        List.of(
            new ChainEntry("hook", LIMITS, null, ""), new ChainEntry("shell", LIMITS, WEB_2, ""));
    assertThat(Plan.next(new PlanInput(at(9), chain, new RunFacts(log))))
        .isInstanceOf(Move.Conclude.class);
  }

  @Test
  void an_intent_that_was_kept_before_places_were_is_taken_for_one_of_here() {
    assertThat(next(9, WEB_2, List.of(new Fact.Intended(at(0), "shell", null, "", Duration.ZERO))))
        .isInstanceOf(Move.Conclude.class);
  }
}
