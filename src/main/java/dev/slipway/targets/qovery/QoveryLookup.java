package dev.slipway.targets.qovery;

import dev.slipway.model.LookupResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Looks up a deploy that may have been started. A deploy that may be ours but cannot be identified
 * yet leaves the lookup undecided: after "not there" the chain goes on, and there would be two
 * deploys.
 */
final class QoveryLookup {
  /** Origins of other people's requests. An origin that is absent or new may be ours. */
  private static final Set<String> OTHERS =
      Set.of("CLI", "CONSOLE", "GIT", "QOVERY_INTERNAL", "SKILL", "TERRAFORM_PROVIDER");

  private final QoveryClient client;
  private final @Nullable String event;
  private final QoveryMessages messages;

  QoveryLookup(QoveryClient client, @Nullable String event, QoveryMessages messages) {
    this.client = client;
    this.event = event;
    this.messages = messages;
  }

  LookupResult lookUp(QoveryVersion version, Instant asked)
      throws QoveryClient.UnavailableException, InterruptedException {
    // In the order in which a deploy moves on, so that it cannot pass unseen between two calls
    List<String> queued = queued();
    QoveryClient.Answer answer = client.status();
    QoveryServiceStatus status = QoveryServiceStatus.from(answer.json(), event);
    QoveryDeploy.Criteria criteria =
        new QoveryDeploy.Criteria(version, asked, answer.onQoveryClock(asked));
    QoveryHistory history =
        client
            .history(version)
            .orElseThrow(
                () ->
                    new QoveryClient.UnavailableException(
                        "Qovery shows no deployment history", QoveryWaits.unavailable()));
    Optional<LookupResult> found =
        inHistory(history, status, criteria).or(() -> inProgress(history, status, criteria));
    if (found.isEmpty()) {
      found = ended(history, status, criteria);
    }
    return found.orElseGet(() -> inQueue(queued, status, criteria));
  }

  private Optional<LookupResult> inHistory(
      QoveryHistory history, QoveryServiceStatus status, QoveryDeploy.Criteria criteria) {
    return history
        .latest(criteria)
        .map(
            deploy -> {
              boolean same =
                  !deploy.executionId().isEmpty()
                      && deploy.executionId().equals(status.executionId());
              return new LookupResult.Found(
                  QoveryDeployId.of(same ? status.requestId() : "", criteria.since()).toString(),
                  "Qovery's history shows a deploy of " + criteria.version().describe());
            });
  }

  private Optional<LookupResult> inProgress(
      QoveryHistory history, QoveryServiceStatus status, QoveryDeploy.Criteria criteria) {
    if (status.status() != QoveryStatus.RUNNING
        || !status.mayBeOurs()
        || status.isDeployedBefore(criteria.since())
        || history.execution(status.executionId()).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        status.lastDeployment().isEmpty()
            ? undecided("Qovery runs a deploy that may be ours or an older one")
            : new LookupResult.Found(
                QoveryDeployId.of(status.requestId(), criteria.since()).toString(),
                "Qovery began a deploy since then; its commit is compared at the end"));
  }

  private Optional<LookupResult> ended(
      QoveryHistory history, QoveryServiceStatus status, QoveryDeploy.Criteria criteria)
      throws QoveryClient.UnavailableException, InterruptedException {
    if (!status.status().isOver()
        || !status.mayBeOurs()
        || !status.isDeployedAfter(criteria.since())
        || history.execution(status.executionId()).isPresent()) {
      return Optional.empty();
    }
    Optional<String> deployed =
        status.status() == QoveryStatus.LIVE
            ? client.service().flatMap(service -> service.deployed(criteria.version()))
            : Optional.empty();
    if (deployed.filter(criteria.version()::matches).isPresent()) {
      return Optional.of(
          new LookupResult.Found(
              QoveryDeployId.of(status.requestId(), criteria.since()).toString(),
              "Qovery deployed " + criteria.version().describe() + " since then"));
    }
    return deployed.isPresent() && criteria.version().reportsRunning()
        ? Optional.empty()
        : Optional.of(undecided("Qovery ended a deploy since then without naming its version"));
  }

  private LookupResult inQueue(
      List<String> queued, QoveryServiceStatus status, QoveryDeploy.Criteria criteria) {
    if (queued.size() == 1) {
      return new LookupResult.Found(
          queued.getFirst(), "Qovery has one deploy queued; its commit is compared at the end");
    }
    if (!queued.isEmpty() || status.status() == QoveryStatus.QUEUED) {
      return undecided("Qovery has deploys queued and does not name their versions");
    }
    return new LookupResult.NotThere(
        "Qovery shows no deploy of " + criteria.version().describe() + " since then",
        QoveryWaits.QUEUED);
  }

  private LookupResult undecided(String reason) {
    return new LookupResult.Unreachable(
        reason + "; " + messages.whereToLook(), QoveryWaits.unavailable());
  }

  private List<String> queued() throws QoveryClient.UnavailableException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (JsonNode queued : client.queue()) {
      String action = queued.path("status_details").path("action").stringValue("");
      String id = QoveryServiceStatus.requestId(queued.path("identifier"));
      String origin = queued.path("auditing_data").path("origin").stringValue("");
      boolean mayBeOurs = QoveryServiceStatus.isOurs(action, event) && !OTHERS.contains(origin);
      if (mayBeOurs && !id.isEmpty()) {
        ids.add(id);
      }
    }
    return List.copyOf(ids);
  }
}
