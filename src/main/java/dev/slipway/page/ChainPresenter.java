package dev.slipway.page;

import dev.slipway.model.AttemptFacts;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.FactLog;
import dev.slipway.model.Verdict;
import dev.slipway.page.PageView.Progress;
import dev.slipway.page.PageView.Turn;
import dev.slipway.store.DeploymentQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Draws the chain: what each target's turn came to. */
final class ChainPresenter {
  private final DeploymentQueries.DeploymentDetails dossier;
  private final FactLog facts;

  ChainPresenter(DeploymentQueries.DeploymentDetails dossier) {
    this.dossier = dossier;
    this.facts = new FactLog(dossier.facts());
  }

  /** In the chain's order; targets in a row that were passed over alike are one. */
  List<Turn> all() {
    List<List<Turn>> rows = new ArrayList<>();
    for (String name : dossier.run().chain()) {
      Turn turn = turn(name);
      if (!rows.isEmpty() && goTogether(rows.getLast().getLast(), turn)) {
        rows.getLast().add(turn);
      } else {
        rows.add(new ArrayList<>(List.of(turn)));
      }
    }
    return rows.stream().map(ChainPresenter::together).toList();
  }

  private static boolean goTogether(Turn one, Turn next) {
    return one.progress().isPassedOver()
        && one.progress() == next.progress()
        && one.label().equals(next.label());
  }

  private static Turn together(List<Turn> row) {
    Turn first = row.getFirst();
    if (row.size() == 1) {
      return first;
    }
    String names = row.stream().map(Turn::name).collect(Collectors.joining(", "));
    boolean explained = row.stream().anyMatch(turn -> !turn.detail().isEmpty());
    return new Turn(
        names, first.progress(), first.label(), "", explained ? List.copyOf(row) : List.of());
  }

  private Turn turn(String name) {
    AttemptFacts attempt = facts.attempt(name);
    return switch (attempt.last()) {
      case null ->
          new Turn(name, Progress.AHEAD, dossier.run().end() == null ? "waits" : "not tried", "");
      case Fact.Intended _ -> new Turn(name, Progress.BUSY, "starting", "");
      case Fact.Busy busy -> new Turn(name, Progress.BUSY, "busy", busy.reason());
      case Fact.HostAway away ->
          new Turn(name, Progress.UNKNOWN, "unknown", away.machine() + " is away");
      case Fact.Detached detached ->
          new Turn(name, Progress.UNKNOWN, "not followed", detached.reason());
      case Fact.Judged judged -> judged(name, judged.verdict());
      case Fact.Looked _ -> judged(name, Objects.requireNonNull(attempt.verdict()));
      case Fact.Seen seen -> new Turn(name, Progress.ACCEPTED, "accepted", seen.phase());
      case Fact.Unseen unseen ->
          new Turn(name, Progress.ACCEPTED, "accepted", "not seen: " + unseen.reason());
      case Fact.Stopped stopped -> new Turn(name, Progress.FAILED, "stopped", stopped.outcome());
      case Fact.Ended ended -> ended(name, ended.end());
    };
  }

  private static Turn judged(String name, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Skipped(String reason) -> new Turn(name, Progress.SKIPPED, "skipped", reason);
      case Verdict.Refused(String reason) -> new Turn(name, Progress.REFUSED, "refused", reason);
      case Verdict.Unknown(String reason, _) -> new Turn(name, Progress.UNKNOWN, "unknown", reason);
      case Verdict.Accepted(_, String reason) ->
          new Turn(name, Progress.ACCEPTED, "accepted", reason);
    };
  }

  private static Turn ended(String name, End end) {
    return switch (end) {
      case End.Succeeded _ -> new Turn(name, Progress.SUCCEEDED, "accepted, succeeded", "");
      case End.Failed _ -> new Turn(name, Progress.FAILED, "accepted, failed", "");
      case End.Errored _ -> new Turn(name, Progress.FAILED, "accepted, error", "");
      case End.Cancelled _ -> new Turn(name, Progress.SKIPPED, "accepted, cancelled", "");
      case End.Superseded _ -> new Turn(name, Progress.SKIPPED, "accepted, superseded", "");
    };
  }
}
