package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens between "it is live" and the end of a run whose target is checked. */
class PlanCheckTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(15),
          Duration.ofHours(1));
  private static final URI ADDRESS = URI.create("https://x.example");
  private static final End LIVE = new End.Succeeded(ADDRESS, "live");
  private static final String FAILED = "Live, but not passing its check for 5 m: 503";

  private static Instant at(int seconds) {
    return T0.plusSeconds(seconds);
  }

  private static Fact notYet(int s, int until) {
    return new Fact.Checked(at(s), "api", new LiveCheckResult.NotYet("503", EVERY), at(until));
  }

  private static Fact passed(int s) {
    return new Fact.Checked(at(s), "api", new LiveCheckResult.Passed("200"), at(s));
  }

  private static Fact ended(End end) {
    return new Fact.Ended(at(0), "api", end);
  }

  private static Move next(int now, Duration check, Fact... facts) {
    List<Fact> all = new ArrayList<>();
    all.add(new Fact.Intended(at(-60), "api", null, "there", Duration.ofHours(1)));
    all.add(new Fact.Judged(at(-60), "api", new Verdict.Accepted("dep-1", "")));
    all.addAll(List.of(facts));
    return Plan.next(
        new PlanInput(
            at(now),
            List.of(new ChainEntry("api", LIMITS.withCheck(check), null, "there")),
            new RunFacts(all)));
  }

  private static Arguments row(String name, int now, Move next, Fact... facts) {
    return argumentSet(name, now, next, facts);
  }

  static Stream<Arguments> table() {
    return Stream.of(
        row("live: check it", 0, new Move.Check("api"), ended(LIVE)),
        row(
            "live long ago, as Slipway was away: check it",
            9000,
            new Move.Check("api"),
            ended(LIVE)),
        row(
            "it failed: nothing to check",
            0,
            new Move.Settle(new End.Failed("build")),
            ended(new End.Failed("build"))),
        row(
            "not yet: wait for the next look",
            6,
            new Move.Wait(at(10)),
            ended(LIVE),
            notYet(5, 10)),
        row("the next look is due", 10, new Move.Check("api"), ended(LIVE), notYet(5, 10)),
        row(
            "a look that is due behind the limit: wait for the limit",
            299,
            new Move.Wait(at(300)),
            ended(LIVE),
            notYet(298, 303)),
        row(
            "over the limit: failed, saying what was seen",
            300,
            new Move.Settle(new End.Failed(FAILED)),
            ended(LIVE),
            notYet(298, 303)),
        row(
            "over the limit, but not looked at since: look once more",
            9000,
            new Move.Check("api"),
            ended(LIVE),
            notYet(5, 10)),
        row(
            "passed: succeeded, saying what was seen",
            6,
            new Move.Settle(new End.Succeeded(ADDRESS, "live; 200")),
            ended(LIVE),
            notYet(1, 6),
            passed(6)),
        row(
            "replaced while it is checked: it is live, and the queue goes on",
            6,
            new Move.Settle(LIVE),
            ended(LIVE),
            notYet(1, 6),
            new Fact.Replaced(at(5), "deployment 2")),
        row(
            "cancelled while it is checked: it is live all the same",
            6,
            new Move.Settle(LIVE),
            ended(LIVE),
            new Fact.CancelRequested(at(5), "ann", "")));
  }

  @ParameterizedTest
  @MethodSource("table")
  void the_next_move_follows_from_the_facts(int now, Move expected, Fact... facts) {
    assertThat(next(now, Duration.ofMinutes(5), facts)).isEqualTo(expected);
  }

  @Test
  void a_check_that_the_configuration_has_lost_is_not_made() {
    assertThat(next(6, Duration.ZERO, ended(LIVE), notYet(1, 6))).isEqualTo(new Move.Settle(LIVE));
  }

  @Test
  void a_target_that_leads_elsewhere_now_is_decided_all_the_same() {
    ChainEntry elsewhere =
        new ChainEntry("api", LIMITS.withCheck(Duration.ofMinutes(5)), null, "elsewhere");
    RunFacts facts =
        new RunFacts(
            List.of(
                new Fact.Intended(at(-60), "api", null, "there", Duration.ofHours(1)),
                new Fact.Judged(at(-60), "api", new Verdict.Accepted("dep-1", "")),
                ended(LIVE),
                passed(3)));

    assertThat(Plan.next(new PlanInput(at(4), List.of(elsewhere), facts)))
        .isInstanceOf(Move.Settle.class);
  }

  @Test
  void a_command_of_another_host_is_checked_from_here() {
    ChainEntry here =
        new ChainEntry(
            "api",
            LIMITS.withCheck(Duration.ofMinutes(5)),
            new CommandHost("two", "two", "boot"),
            "there");
    RunFacts facts =
        new RunFacts(
            List.of(
                new Fact.Intended(
                    at(-60), "api", new CommandHost("one", "one", "boot"), "there", EVERY),
                new Fact.Judged(at(-60), "api", new Verdict.Accepted("dep-1", "")),
                ended(LIVE),
                notYet(1, 6)));

    assertThat(Plan.next(new PlanInput(at(6), List.of(here), facts)))
        .isEqualTo(new Move.Check("api"));
  }
}
