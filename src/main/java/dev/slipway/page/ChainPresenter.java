package dev.slipway.page;

import dev.slipway.model.AttemptFacts;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.RunFacts;
import dev.slipway.model.Verdict;
import dev.slipway.page.PageView.ChainRow;
import dev.slipway.page.PageView.TargetProgress;
import dev.slipway.store.DeploymentQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Presents the chain: the state of each target. */
final class ChainPresenter {
  private final DeploymentQueries.DeploymentDetails details;
  private final RunFacts facts;

  ChainPresenter(DeploymentQueries.DeploymentDetails details) {
    this.details = details;
    this.facts = new RunFacts(details.facts());
  }

  /** In the chain's order; targets in a row that were passed over alike are one. */
  List<ChainRow> all() {
    List<List<ChainRow>> rows = new ArrayList<>();
    for (String name : details.run().chain()) {
      ChainRow entry = entry(name);
      if (!rows.isEmpty() && goTogether(rows.getLast().getLast(), entry)) {
        rows.getLast().add(entry);
      } else {
        rows.add(new ArrayList<>(List.of(entry)));
      }
    }
    return rows.stream().map(ChainPresenter::together).toList();
  }

  private static boolean goTogether(ChainRow one, ChainRow next) {
    return one.progress().isPassedOver()
        && one.progress() == next.progress()
        && one.label().equals(next.label());
  }

  private static ChainRow together(List<ChainRow> row) {
    ChainRow first = row.getFirst();
    if (row.size() == 1) {
      return first;
    }
    String names = row.stream().map(ChainRow::name).collect(Collectors.joining(", "));
    boolean explained = row.stream().anyMatch(entry -> !entry.detail().isEmpty());
    return new ChainRow(
        names, first.progress(), first.label(), "", explained ? List.copyOf(row) : List.of());
  }

  private ChainRow entry(String name) {
    AttemptFacts attempt = facts.attempt(name);
    return switch (attempt.last()) {
      case null ->
          new ChainRow(
              name, TargetProgress.AHEAD, details.run().end() == null ? "waits" : "not tried", "");
      case Fact.Intended _ -> new ChainRow(name, TargetProgress.BUSY, "starting", "");
      case Fact.Busy busy -> new ChainRow(name, TargetProgress.BUSY, "busy", busy.reason());
      case Fact.HostAway away ->
          new ChainRow(name, TargetProgress.UNKNOWN, "unknown", away.host() + " is away");
      case Fact.Detached detached ->
          new ChainRow(name, TargetProgress.UNKNOWN, "not followed", detached.reason());
      case Fact.Judged judged -> judged(name, judged.verdict());
      case Fact.LookedUp _ -> judged(name, Objects.requireNonNull(attempt.verdict()));
      case Fact.Seen seen -> new ChainRow(name, TargetProgress.ACCEPTED, "accepted", seen.phase());
      case Fact.Unseen unseen ->
          new ChainRow(name, TargetProgress.ACCEPTED, "accepted", "not seen: " + unseen.reason());
      case Fact.StopSent stopped -> stopped(name, stopped);
      case Fact.Ended ended -> ended(name, ended.end());
      case Fact.Checked checked -> checked(name, checked.result());
    };
  }

  private ChainRow stopped(String name, Fact.StopSent stopped) {
    if (stopped.isDone()) {
      return new ChainRow(name, TargetProgress.FAILED, "stopped", stopped.outcome());
    }
    return details.run().end() == null
        ? new ChainRow(name, TargetProgress.ACCEPTED, "stopping", stopped.outcome())
        : new ChainRow(name, TargetProgress.FAILED, "not stopped", stopped.outcome());
  }

  private static ChainRow judged(String name, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Skipped(String reason) ->
          new ChainRow(name, TargetProgress.SKIPPED, "skipped", reason);
      case Verdict.Refused(String reason) ->
          new ChainRow(name, TargetProgress.REFUSED, "refused", reason);
      case Verdict.Unknown(String reason, _) ->
          new ChainRow(name, TargetProgress.UNKNOWN, "unknown", reason);
      case Verdict.Accepted(_, String reason) ->
          new ChainRow(name, TargetProgress.ACCEPTED, "accepted", reason);
    };
  }

  private ChainRow checked(String name, LiveCheckResult result) {
    return switch (result) {
      case LiveCheckResult.Passed(String seen) ->
          new ChainRow(name, TargetProgress.SUCCEEDED, "accepted, succeeded", seen);
      case LiveCheckResult.NotYet(String seen, _) when details.run().end() == null ->
          new ChainRow(name, TargetProgress.ACCEPTED, "live, being checked", seen);
      case LiveCheckResult.NotYet(String seen, _) ->
          new ChainRow(
              name,
              details.run().end() instanceof End.Succeeded
                  ? TargetProgress.SUCCEEDED
                  : TargetProgress.FAILED,
              "live, check not passed",
              seen);
    };
  }

  private static ChainRow ended(String name, End end) {
    return switch (end) {
      case End.Succeeded _ ->
          new ChainRow(name, TargetProgress.SUCCEEDED, "accepted, succeeded", "");
      case End.Failed _ -> new ChainRow(name, TargetProgress.FAILED, "accepted, failed", "");
      case End.Errored _ -> new ChainRow(name, TargetProgress.FAILED, "accepted, error", "");
      case End.Cancelled _ -> new ChainRow(name, TargetProgress.SKIPPED, "accepted, cancelled", "");
      case End.Superseded _ ->
          new ChainRow(name, TargetProgress.SKIPPED, "accepted, superseded", "");
      case End.Destroyed _ ->
          new ChainRow(name, TargetProgress.SUCCEEDED, "accepted, destroyed", "");
    };
  }
}
