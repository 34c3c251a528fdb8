package dev.slipway.targets.qovery;

import dev.slipway.model.PollResult;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Follows one deploy. Right after the request the application still shows the end of the deploy
 * before, so nothing counts that cannot be told apart from it.
 */
final class QoveryFollower {
  private final QoveryClient client;
  private final QoveryService service;
  private final QoveryEnd end;
  private final LostRequestResolver lostRequests;

  QoveryFollower(QoveryClient client, QoveryService service) {
    this.client = client.polling();
    this.service = service;
    this.end = new QoveryEnd(client, service);
    this.lostRequests = new LostRequestResolver(client, service, end);
  }

  PollResult poll(QoveryDeployId id, QoveryVersion version, Instant asked)
      throws QoveryUnavailableException, InterruptedException {
    return switch (id) {
      case QoveryDeployId.Request(String requestId) -> named(requestId, version, asked);
      case QoveryDeployId.Since(Instant since) -> dated(new DeployCriteria(version, asked, since));
    };
  }

  private PollResult named(String requestId, QoveryVersion version, Instant asked)
      throws QoveryUnavailableException, InterruptedException {
    DatedAnswer page = statusPage();
    DeployCriteria criteria = new DeployCriteria(version, asked, page.onQoveryClock(asked));
    QoveryServiceStatus now = QoveryServiceStatus.of(page.json(), service);
    if (now.requestId().equalsIgnoreCase(requestId)) {
      return ours(now, criteria);
    }
    Optional<String> request;
    try {
      request = requestState(requestId);
    } catch (QoveryUnavailableException e) {
      if (waits(requestId)) {
        return queued();
      }
      throw e;
    }
    Optional<QoveryStatus> outlook =
        request.map(state -> QoveryStatus.ofState(state, service.forceEvent()));
    if (outlook.isPresent() && !outlook.get().isEnd()) {
      return end.unlessLive(outlook.get(), request.orElseThrow());
    }
    if (request.isEmpty() && waits(requestId)) {
      return queued();
    }
    // It may have left the queue after the status was read
    QoveryServiceStatus later = QoveryServiceStatus.of(statusPage().json(), service);
    return later.requestId().equalsIgnoreCase(requestId)
        ? ours(later, criteria)
        : lostRequests.of(later, criteria, requestId, request);
  }

  private PollResult dated(DeployCriteria criteria)
      throws QoveryUnavailableException, InterruptedException {
    QoveryServiceStatus now = QoveryServiceStatus.of(statusPage().json(), service);
    if (!now.status().isEnd() && now.status() != QoveryStatus.IDLE) {
      return end.unlessLive(now.status(), now.phase());
    }
    Optional<QoveryHistory.Entry> entry = entry(criteria);
    if (entry.isPresent()) {
      return end.ofEntry(entry.get(), criteria.version());
    }
    boolean isAnothers = !now.mayBeOurs() && now.status() != QoveryStatus.OTHER_ACTION;
    return now.isSince(criteria.since()) && now.status().isEnd() && !isAnothers
        ? end.of(now.status(), now.phase(), now.executionId(), criteria)
        : lostRequests.untraced(criteria, "the deploy");
  }

  private PollResult ours(QoveryServiceStatus status, DeployCriteria criteria)
      throws QoveryUnavailableException, InterruptedException {
    boolean neverRan =
        service.forceEvent() != null
            && status.status() == QoveryStatus.LIVE
            && status.isBefore(criteria.since())
            && entry(criteria).isEmpty();
    return neverRan
        ? lostRequests.untraced(criteria, "request " + status.requestId())
        : end.of(status.status(), status.phase(), status.executionId(), criteria);
  }

  private Optional<QoveryHistory.Entry> entry(DeployCriteria criteria)
      throws QoveryUnavailableException, InterruptedException {
    return end.history(criteria.version())
        .flatMap(history -> history.latest(criteria.version(), criteria.since()));
  }

  private static PollResult queued() {
    return new PollResult.Going("QUEUED", QoveryWaits.QUEUED);
  }

  private DatedAnswer statusPage() throws QoveryUnavailableException, InterruptedException {
    return client.read(service, service.path() + "/status");
  }

  private Optional<String> requestState(String requestId)
      throws QoveryUnavailableException, InterruptedException {
    return client
        .seek(
            "/environment/deploymentStatus?deploymentRequestId=" + QoveryClient.escaped(requestId))
        .map(DatedAnswer::json)
        .filter(
            json -> requestId.equalsIgnoreCase(json.path("deployment_request_id").stringValue("")))
        .flatMap(json -> json.path("status").stringValueOpt())
        .map(QoveryClient::line);
  }

  private boolean waits(String requestId) throws QoveryUnavailableException, InterruptedException {
    for (JsonNode waiting : client.read(service, service.queuePath()).json().path("results")) {
      String id = waiting.path("identifier").path("deployment_request_id").stringValue("");
      if (id.equalsIgnoreCase(requestId)) {
        return true;
      }
    }
    return false;
  }
}
