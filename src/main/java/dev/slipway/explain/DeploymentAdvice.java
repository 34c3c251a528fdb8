package dev.slipway.explain;

import dev.slipway.model.End;
import dev.slipway.store.DeploymentHistory.KeptDeployment;
import dev.slipway.store.DeploymentHistory.RunHistory;
import dev.slipway.store.DeploymentQueries.StatusReport;
import java.util.ArrayList;
import java.util.List;

/** What to do about a deployment that is kept. */
final class DeploymentAdvice {
  private DeploymentAdvice() {}

  /** Empty when all is well. */
  static List<String> of(KeptDeployment kept) {
    List<String> advice = new ArrayList<>();
    boolean isGithubs = kept.deployment().deployment().githubId() != null;
    if (!kept.runs().isEmpty()) {
      advice.addAll(ofRun(kept.runs().getLast(), kept.deployment().id(), isGithubs));
    }
    if (isGithubs && kept.statuses().stream().anyMatch(DeploymentAdvice::isHeldUp)) {
      advice.add(
          "GitHub has not got every status: `statuses` lists what waits, `statuses retry` has it tried"
              + " now, `doctor` looks at the credential");
    }
    if (isGithubs && kept.statuses().stream().anyMatch(StatusReport::givenUp)) {
      advice.add("a status was given up: GitHub will never take it, its problem says why");
    }
    return advice;
  }

  /** One that was not tried yet is on its way. */
  private static boolean isHeldUp(StatusReport status) {
    return status.isWaiting() && status.problem() != null;
  }

  /**
   * @param id our number of the deployment
   * @param isGithubs whether GitHub knows it, and can deliver it again
   */
  static List<String> ofRun(RunHistory last, long id, boolean isGithubs) {
    End end = last.run().end();
    return switch (end) {
      case null ->
          last.first().isPresent()
              ? List.of(
                  "it runs when those before it have ended, or is replaced by a newer one; `cancel %d`"
                          .formatted(id)
                      + " ends it")
              : List.of();
      case End.Succeeded _, End.Destroyed _ -> List.of();
      case End.Superseded _ ->
          List.of("a newer deployment took its place: nothing is to be done about this one");
      case End.Cancelled _, End.Failed _, End.Errored _ ->
          List.of(
              "its log page has the output; `retry %d` runs it again".formatted(id)
                  + (isGithubs
                      ? ", as redelivering the same delivery on GitHub does (Recent deliveries);"
                      : ";")
                  + " a newer commit needs a new deployment");
    };
  }
}
