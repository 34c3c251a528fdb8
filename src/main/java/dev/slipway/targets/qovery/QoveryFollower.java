package dev.slipway.targets.qovery;

import dev.slipway.model.PollResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Follows one deploy to its end. Right after the request the service still shows the end of the
 * deploy before, so a state that may be that one's does not count.
 */
final class QoveryFollower {
  /** For so long Qovery may not show a new request yet. */
  private static final Duration SETTLING = Duration.ofMinutes(1);

  /** A request that has left no trace for so long never will. */
  private static final Duration TRACELESS = Duration.ofMinutes(10);

  private final QoveryClient client;
  private final QoveryService service;
  private final QoveryEnd end;

  QoveryFollower(QoveryClient client, QoveryService service) {
    this.client = client.polling();
    this.service = service;
    this.end = new QoveryEnd(client, service);
  }

  PollResult poll(QoveryDeployId id, QoveryVersion version, Instant asked)
      throws QoveryUnavailableException, InterruptedException {
    return switch (id) {
      case QoveryDeployId.Request(String requestId) -> byRequestId(requestId, version, asked);
      case QoveryDeployId.Since(Instant since) ->
          byTime(new QoveryDeploy.Criteria(version, asked, since));
    };
  }

  private PollResult byRequestId(String requestId, QoveryVersion version, Instant asked)
      throws QoveryUnavailableException, InterruptedException {
    DatedAnswer answer = status();
    QoveryDeploy.Criteria criteria =
        new QoveryDeploy.Criteria(version, asked, answer.onQoveryClock(asked));
    QoveryServiceStatus now = QoveryServiceStatus.of(answer.json(), service);
    if (now.requestId().equalsIgnoreCase(requestId)) {
      return ours(now, criteria);
    }
    Optional<String> request;
    try {
      request = requestState(requestId);
    } catch (QoveryUnavailableException e) {
      if (isQueued(requestId)) {
        return queued();
      }
      throw e;
    }
    Optional<QoveryStatus> state = request.map(this::statusOf);
    if (state.isPresent() && !state.get().isOver()) {
      return end.notLive(state.get(), request.orElseThrow());
    }
    if (request.isEmpty() && isQueued(requestId)) {
      return queued();
    }
    // It may have left the queue after the status was read
    QoveryServiceStatus later = QoveryServiceStatus.of(status().json(), service);
    return later.requestId().equalsIgnoreCase(requestId)
        ? ours(later, criteria)
        : lost(later, criteria, requestId, request);
  }

  private PollResult byTime(QoveryDeploy.Criteria criteria)
      throws QoveryUnavailableException, InterruptedException {
    QoveryServiceStatus now = QoveryServiceStatus.of(status().json(), service);
    if (!now.status().isOver() && now.status() != QoveryStatus.IDLE) {
      return end.notLive(now.status(), now.phase());
    }
    Optional<QoveryDeploy> deploy = deploy(criteria);
    if (deploy.isPresent()) {
      return end.ofDeploy(deploy.get(), criteria.version());
    }
    boolean isAnothers = !now.mayBeOurs() && now.status() != QoveryStatus.OTHER_ACTION;
    return now.isDeployedAfter(criteria.since()) && now.status().isOver() && !isAnothers
        ? end.of(now.status(), now.phase(), now.executionId(), criteria)
        : withoutTrace(criteria, "the deploy");
  }

  private PollResult ours(QoveryServiceStatus status, QoveryDeploy.Criteria criteria)
      throws QoveryUnavailableException, InterruptedException {
    boolean neverRan =
        service.forceEvent() != null
            && status.status() == QoveryStatus.LIVE
            && status.isDeployedBefore(criteria.since())
            && deploy(criteria).isEmpty();
    return neverRan
        ? withoutTrace(criteria, "request " + status.requestId())
        : end.of(status.status(), status.phase(), status.executionId(), criteria);
  }

  /**
   * Handles a request that the service's status is not about, and that is neither queued nor
   * running: it is not visible yet, was merged into another request, or ended before another one.
   *
   * @param status about another request
   * @param ended the state in which our request ended, if Qovery still knows it
   */
  private PollResult lost(
      QoveryServiceStatus status,
      QoveryDeploy.Criteria criteria,
      String requestId,
      Optional<String> ended)
      throws QoveryUnavailableException, InterruptedException {
    Optional<QoveryDeploy> deploy = deploy(criteria);
    if (deploy.isPresent()) {
      return end.ofDeploy(deploy.get(), criteria.version());
    }
    Optional<String> other = ended.filter(last -> statusOf(last) != QoveryStatus.LIVE);
    if (other.isPresent()) {
      return end.notLive(statusOf(other.get()), other.get());
    }
    if (!status.status().isOver() && status.status() != QoveryStatus.IDLE) {
      return end.notLive(status.status(), status.phase());
    }
    if (criteria.isYoungerThan(SETTLING, client.now())) {
      return notBegun();
    }
    if (status.isDeployedAfter(criteria.since())) {
      return overtaken(status, criteria, requestId);
    }
    return ended.isEmpty() ? withoutTrace(criteria, "request " + requestId) : ranNothing(requestId);
  }

  /** Handles a deploy of which Qovery shows nothing at all. */
  private PollResult withoutTrace(QoveryDeploy.Criteria criteria, String what) {
    return criteria.isYoungerThan(TRACELESS, client.now())
        ? notBegun()
        : end.errored(
            "Qovery accepted %s but has not begun with it after %d minutes%s"
                .formatted(what, TRACELESS.toMinutes(), event()));
  }

  private PollResult overtaken(
      QoveryServiceStatus status, QoveryDeploy.Criteria criteria, String requestId)
      throws QoveryUnavailableException, InterruptedException {
    Optional<String> deployed =
        status.status() == QoveryStatus.LIVE ? end.deployed(criteria.version()) : Optional.empty();
    if (deployed.filter(criteria.version()::matches).isPresent()) {
      return end.succeeded(
          criteria.version().describe() + " is live, with a request it was merged into");
    }
    return deployed.isPresent() && criteria.version().reportsRunning()
        ? end.mismatch(criteria.version(), deployed.get())
        : end.errored(
            "Qovery no longer knows request %s and shows %s of another one"
                .formatted(requestId, status.phase()));
  }

  private PollResult ranNothing(String requestId) {
    return end.errored(
        "Qovery ended request %s without deploying the %s%s"
            .formatted(requestId, service.kind().word(), event()));
  }

  private QoveryStatus statusOf(String state) {
    return QoveryStatus.ofState(state, service.forceEvent());
  }

  private String event() {
    return service.forceEvent() == null
        ? ""
        : "; check that the job has the event " + service.forceEvent();
  }

  private static PollResult notBegun() {
    return new PollResult.Going("accepted, not begun", QoveryWaits.RUNNING);
  }

  private Optional<QoveryDeploy> deploy(QoveryDeploy.Criteria criteria)
      throws QoveryUnavailableException, InterruptedException {
    return end.history(criteria.version()).flatMap(history -> history.latest(criteria));
  }

  private static PollResult queued() {
    return new PollResult.Going("QUEUED", QoveryWaits.QUEUED);
  }

  private DatedAnswer status() throws QoveryUnavailableException, InterruptedException {
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

  private boolean isQueued(String requestId)
      throws QoveryUnavailableException, InterruptedException {
    for (JsonNode waiting : client.read(service, service.queuePath()).json().path("results")) {
      String id = waiting.path("identifier").path("deployment_request_id").stringValue("");
      if (id.equalsIgnoreCase(requestId)) {
        return true;
      }
    }
    return false;
  }
}
