package dev.slipway.explain;

import dev.slipway.explain.Explanation.ExplainedRun;
import dev.slipway.explain.Explanation.ExplainedStatus;
import dev.slipway.explain.Explanation.ExplainedTarget;
import dev.slipway.model.AttemptFacts;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.RunFacts;
import dev.slipway.model.Verdict;
import dev.slipway.store.DeploymentHistory.RunHistory;
import dev.slipway.store.DeploymentQueries.StatusReport;
import dev.slipway.store.StoredRun;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Explains a run by its facts: the plan makes its moves of the same ones. */
final class RunExplainer {
  private RunExplainer() {}

  static ExplainedRun run(RunHistory history) {
    StoredRun run = history.run();
    End end = run.end();
    RunFacts facts = new RunFacts(history.facts());
    return new ExplainedRun(
        run.number(),
        run.route(),
        run.queueKey(),
        end == null ? run.state().code() : end.kind().code(),
        run.queuedAt(),
        run.startedAt(),
        run.endedAt(),
        end == null ? "" : end.reason(),
        waitsFor(history),
        run.chain().stream().map(name -> target(name, facts.attempt(name))).toList());
  }

  private static String waitsFor(RunHistory history) {
    StoredRun run = history.run();
    if (run.state() != StoredRun.State.QUEUED) {
      return "";
    }
    return history
        .first()
        .map(
            first ->
                "%d ahead in its queue, the first is %s of %s to %s"
                    .formatted(
                        Math.max(1, history.ahead()),
                        first.name(),
                        first.repository(),
                        first.environment()))
        .orElse("a worker to take it, or a lock or freeze window to end");
  }

  /** One target; what is known since its verdict goes with it. */
  static ExplainedTarget target(String name, AttemptFacts attempt) {
    if (attempt.isEmpty()) {
      return new ExplainedTarget(name, "not_tried", "");
    }
    Verdict verdict = attempt.verdict();
    Fact.OfTarget last = Objects.requireNonNull(attempt.last());
    return verdict == null
        ? new ExplainedTarget(name, last instanceof Fact.Busy ? "busy" : "starting", since(last))
        : new ExplainedTarget(name, code(verdict), joined(verdict.reason(), since(last)));
  }

  private static String code(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Skipped _ -> "skipped";
      case Verdict.Refused _ -> "refused";
      case Verdict.Unknown _ -> "unknown";
      case Verdict.Accepted _ -> "accepted";
    };
  }

  private static String since(Fact.OfTarget last) {
    return switch (last) {
      case Fact.Busy busy -> busy.reason();
      case Fact.HostAway away -> away.host() + " is away";
      case Fact.Detached detached -> detached.reason();
      case Fact.LookedUp _ -> "is being looked up";
      case Fact.Seen seen -> seen.phase();
      case Fact.Unseen unseen -> "not seen: " + unseen.reason();
      case Fact.StopSent stopped -> stopped.outcome();
      case Fact.Ended ended -> ended.end().kind().code() + ": " + ended.end().reason();
      case Fact.Checked checked -> checked(checked.result());
      case Fact.Intended _, Fact.Judged _ -> "";
    };
  }

  private static String checked(LiveCheckResult result) {
    return switch (result) {
      case LiveCheckResult.Passed(String seen) -> "its check passed: " + seen;
      case LiveCheckResult.NotYet(String seen, _) -> "its check has not passed: " + seen;
    };
  }

  private static String joined(String reason, String since) {
    return since.isEmpty() ? reason : reason + "; " + since;
  }

  /**
   * @param isGithubs whether GitHub knows the deployment
   */
  static ExplainedStatus status(StatusReport report, boolean isGithubs) {
    return new ExplainedStatus(
        report.run(),
        report.status().state().code(),
        report.status().description(),
        report.createdAt(),
        isGithubs ? atGithub(report) : "none",
        text(isGithubs && report.postedAt() == null ? report.problem() : null));
  }

  private static String atGithub(StatusReport report) {
    if (report.postedAt() != null) {
      return "posted";
    }
    return report.replaced() ? "replaced" : report.givenUp() ? "given_up" : "waits";
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
