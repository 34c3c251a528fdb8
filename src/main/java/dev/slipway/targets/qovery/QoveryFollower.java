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
  private final QoveryClient api;
  private final QoveryService subject;
  private final QoveryEnd judge;
  private final LostRequestResolver aftermath;

  QoveryFollower(QoveryClient api, QoveryService subject) {
    this.api = api.polling();
    this.subject = subject;
    this.judge = new QoveryEnd(api, subject);
    this.aftermath = new LostRequestResolver(api, subject, judge);
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
    DeployCriteria trail = new DeployCriteria(version, asked, page.onQoveryClock(asked));
    QoveryServiceStatus now = QoveryServiceStatus.of(page.json(), subject);
    if (now.requestId().equalsIgnoreCase(requestId)) {
      return ours(now, trail);
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
        request.map(state -> QoveryStatus.ofState(state, subject.forceEvent()));
    if (outlook.isPresent() && !outlook.get().isEnd()) {
      return judge.unlessLive(outlook.get(), request.orElseThrow());
    }
    if (request.isEmpty() && waits(requestId)) {
      return queued();
    }
    // It may have left the queue after the status was read
    QoveryServiceStatus later = QoveryServiceStatus.of(statusPage().json(), subject);
    return later.requestId().equalsIgnoreCase(requestId)
        ? ours(later, trail)
        : aftermath.of(later, trail, requestId, request);
  }

  private PollResult dated(DeployCriteria trail)
      throws QoveryUnavailableException, InterruptedException {
    QoveryServiceStatus now = QoveryServiceStatus.of(statusPage().json(), subject);
    if (!now.status().isEnd() && now.status() != QoveryStatus.IDLE) {
      return judge.unlessLive(now.status(), now.phase());
    }
    Optional<QoveryHistory.Entry> entry = entry(trail);
    if (entry.isPresent()) {
      return judge.ofEntry(entry.get(), trail.version());
    }
    boolean isAnothers = !now.mayBeOurs() && now.status() != QoveryStatus.OTHER_ACTION;
    return now.isSince(trail.since()) && now.status().isEnd() && !isAnothers
        ? judge.of(now.status(), now.phase(), now.executionId(), trail)
        : aftermath.untraced(trail, "the deploy");
  }

  private PollResult ours(QoveryServiceStatus status, DeployCriteria trail)
      throws QoveryUnavailableException, InterruptedException {
    boolean neverRan =
        subject.forceEvent() != null
            && status.status() == QoveryStatus.LIVE
            && status.isBefore(trail.since())
            && entry(trail).isEmpty();
    return neverRan
        ? aftermath.untraced(trail, "request " + status.requestId())
        : judge.of(status.status(), status.phase(), status.executionId(), trail);
  }

  private Optional<QoveryHistory.Entry> entry(DeployCriteria trail)
      throws QoveryUnavailableException, InterruptedException {
    return judge
        .history(trail.version())
        .flatMap(history -> history.latest(trail.version(), trail.since()));
  }

  private static PollResult queued() {
    return new PollResult.Going("QUEUED", QoveryWaits.QUEUED);
  }

  private DatedAnswer statusPage() throws QoveryUnavailableException, InterruptedException {
    return api.read(subject, subject.path() + "/status");
  }

  private Optional<String> requestState(String requestId)
      throws QoveryUnavailableException, InterruptedException {
    return api.seek(
            "/environment/deploymentStatus?deploymentRequestId=" + QoveryClient.escaped(requestId))
        .map(DatedAnswer::json)
        .filter(
            json -> requestId.equalsIgnoreCase(json.path("deployment_request_id").stringValue("")))
        .flatMap(json -> json.path("status").stringValueOpt())
        .map(QoveryClient::line);
  }

  private boolean waits(String requestId) throws QoveryUnavailableException, InterruptedException {
    for (JsonNode waiting : api.read(subject, subject.queuePath()).json().path("results")) {
      String id = waiting.path("identifier").path("deployment_request_id").stringValue("");
      if (id.equalsIgnoreCase(requestId)) {
        return true;
      }
    }
    return false;
  }
}
