package dev.slipway.targets.qovery;

import dev.slipway.model.LookupResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Looks for a deploy that may have been started. Whatever might be it, and cannot be told yet,
 * keeps the question open: "not there" lets the chain go on, and then there would be two.
 */
final class QoveryLookup {
  /** Who else asks for deploys. An origin that is left out or new may be ours. */
  private static final Set<String> OTHERS =
      Set.of("CLI", "CONSOLE", "GIT", "QOVERY_INTERNAL", "SKILL", "TERRAFORM_PROVIDER");

  private final QoveryClient api;
  private final QoveryService subject;
  private final QoveryEnd judge;

  QoveryLookup(QoveryClient api, QoveryService subject) {
    this.api = api;
    this.subject = subject;
    this.judge = new QoveryEnd(api, subject);
  }

  LookupResult find(QoveryVersion version, Instant asked)
      throws QoveryUnavailableException, InterruptedException {
    // In the order in which a deploy moves, so that it cannot slip through between two calls
    List<String> waiting = waiting();
    DatedAnswer page = api.read(subject, subject.path() + "/status");
    QoveryServiceStatus status = QoveryServiceStatus.of(page.json(), subject);
    DeployCriteria trail = new DeployCriteria(version, asked, page.onQoveryClock(asked));
    QoveryHistory history =
        judge
            .history(version)
            .orElseThrow(
                () ->
                    new QoveryUnavailableException(
                        "Qovery shows no deployment history", QoveryWaits.trouble()));
    Optional<LookupResult> found =
        inHistory(history, status, trail).or(() -> inProgress(history, status, trail));
    if (found.isEmpty()) {
      found = ended(history, status, trail);
    }
    return found.orElseGet(() -> inQueue(waiting, status, trail));
  }

  private Optional<LookupResult> inHistory(
      QoveryHistory history, QoveryServiceStatus status, DeployCriteria trail) {
    return history
        .latest(trail.version(), trail.since())
        .map(
            entry -> {
              boolean same =
                  !entry.executionId().isEmpty()
                      && entry.executionId().equals(status.executionId());
              return new LookupResult.Found(
                  QoveryDeployId.of(same ? status.requestId() : "", trail.since()).toString(),
                  "Qovery's history shows a deploy of " + trail.version().describe());
            });
  }

  private Optional<LookupResult> inProgress(
      QoveryHistory history, QoveryServiceStatus status, DeployCriteria trail) {
    if (status.status() != QoveryStatus.RUNNING
        || !status.mayBeOurs()
        || status.isBefore(trail.since())
        || history.execution(status.executionId()).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        status.lastDeployment().isEmpty()
            ? open("Qovery runs a deploy that may be ours or older")
            : new LookupResult.Found(
                QoveryDeployId.of(status.requestId(), trail.since()).toString(),
                "Qovery began a deploy since then; its commit is compared at the end"));
  }

  private Optional<LookupResult> ended(
      QoveryHistory history, QoveryServiceStatus status, DeployCriteria trail)
      throws QoveryUnavailableException, InterruptedException {
    if (!status.status().isEnd()
        || !status.mayBeOurs()
        || !status.isSince(trail.since())
        || history.execution(status.executionId()).isPresent()) {
      return Optional.empty();
    }
    Optional<String> deployed =
        status.status() == QoveryStatus.LIVE ? judge.deployed(trail.version()) : Optional.empty();
    if (deployed.filter(trail.version()::matches).isPresent()) {
      return Optional.of(
          new LookupResult.Found(
              QoveryDeployId.of(status.requestId(), trail.since()).toString(),
              "Qovery deployed " + trail.version().describe() + " since then"));
    }
    return deployed.isPresent() && trail.version().reportsRunning()
        ? Optional.empty()
        : Optional.of(open("Qovery ended a deploy since then without saying of what"));
  }

  private LookupResult inQueue(
      List<String> waiting, QoveryServiceStatus status, DeployCriteria trail) {
    if (waiting.size() == 1) {
      return new LookupResult.Found(
          waiting.getFirst(), "Qovery has one deploy waiting; its commit is compared at the end");
    }
    if (!waiting.isEmpty() || status.status() == QoveryStatus.QUEUED) {
      return open("Qovery has deploys waiting, and does not say of what");
    }
    return new LookupResult.NotThere(
        "Qovery shows no deploy of " + trail.version().describe() + " since then",
        QoveryWaits.QUEUED);
  }

  private LookupResult open(String reason) {
    return new LookupResult.Unreachable(reason + "; " + subject.toCheck(), QoveryWaits.trouble());
  }

  private List<String> waiting() throws QoveryUnavailableException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (JsonNode waiting : api.read(subject, subject.queuePath()).json().path("results")) {
      String action = waiting.path("status_details").path("action").stringValue("");
      String id = QoveryServiceStatus.requestId(waiting.path("identifier"));
      String origin = waiting.path("auditing_data").path("origin").stringValue("");
      boolean mayBeOurs =
          QoveryServiceStatus.isOurs(action, subject.forceEvent()) && !OTHERS.contains(origin);
      if (mayBeOurs && !id.isEmpty()) {
        ids.add(id);
      }
    }
    return List.copyOf(ids);
  }
}
