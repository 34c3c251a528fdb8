package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the facts of a run say together. */
class FactLogTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Verdict REFUSED = new Verdict.Refused("401");

  private static Instant at(int second) {
    return T0.plusSeconds(second);
  }

  private static Fact intended(int second, String target) {
    return new Fact.Intended(at(second), target, null, "", Duration.ZERO);
  }

  private static Fact judged(int second, String target, Verdict verdict) {
    return new Fact.Judged(at(second), target, verdict);
  }

  private static RunFacts log(Fact... facts) {
    return new RunFacts(List.of(facts));
  }

  @Test
  void a_target_that_was_not_tried_has_no_facts() {
    AttemptFacts attempt = log(intended(0, "hook")).attempt("api");

    assertThat(attempt.isEmpty()).isTrue();
    assertThat(attempt.last()).isNull();
    assertThat(attempt.verdict()).isNull();
    assertThat(attempt.since()).isEmpty();
    assertThat(attempt.isRestart()).isFalse();
  }

  @Test
  void a_target_that_was_busy_is_asked_again_within_the_same_attempt() {
    Fact busy = new Fact.Busy(at(1), "hook", "429", at(30));
    AttemptFacts attempt = log(intended(0, "hook"), busy, intended(30, "hook")).attempt("hook");

    assertThat(attempt.since()).contains(at(0));
    assertThat(attempt.isRepeated()).isFalse();
    assertThat(attempt.isRestart()).isFalse();
  }

  @Test
  void an_intent_behind_an_outcome_begins_another_attempt() {
    RunFacts log =
        log(
            intended(0, "hook"),
            judged(1, "hook", new Verdict.Unknown("stopped", true)),
            intended(60, "hook"));
    AttemptFacts attempt = log.attempt("hook");

    assertThat(attempt.since()).contains(at(60));
    assertThat(attempt.verdict()).as("that of the attempt before is over").isNull();
    assertThat(attempt.isRepeated()).isTrue();
    assertThat(attempt.isRestart()).isTrue();
  }

  @Test
  void a_later_verdict_replaces_an_earlier_one() {
    AttemptFacts attempt =
        log(
                intended(0, "hook"),
                judged(1, "hook", new Verdict.Unknown("no answer")),
                judged(2, "hook", REFUSED))
            .attempt("hook");

    assertThat(attempt.verdict()).isEqualTo(REFUSED);
  }

  @Test
  void the_last_refusal_is_that_of_the_target_tried_last_skipped_ones_aside() {
    Fact refused = judged(1, "hook", REFUSED);
    Fact skipped = judged(2, "api", new Verdict.Skipped("no key"));

    assertThat(log(refused, skipped).lastRefusal()).contains((Fact.Judged) refused);
    assertThat(log(refused, judged(3, "ssh", new Verdict.Accepted("1", ""))).lastRefusal())
        .isEmpty();
    assertThat(RunFacts.EMPTY.lastRefusal()).isEmpty();
  }

  @Test
  void a_log_never_changes() {
    RunFacts before = log(intended(0, "hook"));
    RunFacts after = before.plus(List.of(judged(1, "hook", REFUSED)));

    assertThat(before.all()).hasSize(1);
    assertThat(after.all()).hasSize(2);
    assertThat(after.withLast(intended(2, "hook")).all())
        .containsExactly(intended(0, "hook"), intended(2, "hook"));
    assertThat(after.attempt("hook").verdict()).isEqualTo(REFUSED);
  }
}
