package dev.slipway.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.explain.Explanation.ExplainedStatus;
import dev.slipway.explain.Explanation.ExplainedTarget;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.LookupResult;
import dev.slipway.model.RunFacts;
import dev.slipway.model.Status;
import dev.slipway.model.StopReason;
import dev.slipway.model.Verdict;
import dev.slipway.store.DeploymentQueries.StatusReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Targets and statuses in words, by what is kept of them. */
class RunExplainerTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Fact INTENDED = new Fact.Intended(T0, "a", null, "", Duration.ZERO);
  private static final Fact ACCEPTED = judged(new Verdict.Accepted("1", "started"));

  private static Fact judged(Verdict verdict) {
    return new Fact.Judged(T0, "a", verdict);
  }

  private static Arguments row(String verdict, String detail, Fact... facts) {
    return Arguments.of(List.of(facts), verdict, detail);
  }

  private static Stream<Arguments> targets() {
    return Stream.of(
        row("not_tried", ""),
        row("not_tried", "", new Fact.Intended(T0, "another", null, "", Duration.ZERO)),
        row("starting", "", INTENDED),
        row("busy", "429", INTENDED, new Fact.Busy(T0, "a", "429", T0)),
        row("skipped", "no key", judged(new Verdict.Skipped("no key"))),
        row("refused", "404", INTENDED, judged(new Verdict.Refused("404"))),
        row("unknown", "no answer", INTENDED, judged(new Verdict.Unknown("no answer"))),
        row(
            "unknown",
            "no answer; is being looked up",
            INTENDED,
            judged(new Verdict.Unknown("no answer")),
            new Fact.LookedUp(T0, "a", new LookupResult.Unreachable("away", Duration.ZERO), T0)),
        row("accepted", "started", INTENDED, ACCEPTED),
        row(
            "accepted",
            "started; building",
            INTENDED,
            ACCEPTED,
            new Fact.Seen(T0, "a", "building", T0)),
        row(
            "accepted",
            "started; not seen: 500",
            INTENDED,
            ACCEPTED,
            new Fact.Unseen(T0, "a", "500", T0)),
        row(
            "accepted",
            "started; cancelled at Render",
            INTENDED,
            ACCEPTED,
            new Fact.StopSent(T0, "a", StopReason.REPLACED, "cancelled at Render")),
        row(
            "accepted",
            "started; failed: the build failed",
            INTENDED,
            ACCEPTED,
            new Fact.Ended(T0, "a", new End.Failed("the build failed"))),
        row(
            "accepted",
            "started; its check passed: 200",
            INTENDED,
            ACCEPTED,
            new Fact.Checked(T0, "a", new LiveCheckResult.Passed("200"), T0)),
        row(
            "accepted",
            "started; the settings no longer lead there",
            INTENDED,
            ACCEPTED,
            new Fact.Detached(T0, "a", "the settings no longer lead there")),
        row(
            "accepted",
            "started; web-1 is away",
            INTENDED,
            ACCEPTED,
            new Fact.HostAway(T0, "a", "web-1")));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void a_target_is_told_by_its_verdict_and_what_came_after(
      List<Fact> facts, String verdict, String detail) {
    assertThat(RunExplainer.target("a", new RunFacts(new ArrayList<>(facts)).attempt("a")))
        .isEqualTo(new ExplainedTarget("a", verdict, detail));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "true, true, false, false, -, posted, ''",
        "true, true, false, false, 500 before, posted, ''",
        "true, false, false, false, 403, waits, 403",
        "true, false, false, false, -, waits, ''",
        "true, false, true, false, 422, given_up, 422",
        "true, false, false, true, -, replaced, ''",
        "false, false, false, false, 403, none, ''"
      })
  void a_status_is_told_by_what_became_of_it_at_github(
      boolean isGithubs,
      boolean isPosted,
      boolean givenUp,
      boolean replaced,
      @Nullable String problem,
      String github,
      String told) {
    StatusReport report =
        new StatusReport(
            1,
            new Status(GithubState.SUCCESS, "live"),
            T0,
            isPosted ? T0 : null,
            givenUp,
            replaced,
            problem);

    assertThat(RunExplainer.status(report, isGithubs))
        .isEqualTo(new ExplainedStatus(1, "success", "live", T0, github, told));
  }
}
