package dev.slipway.targets.qovery;

import dev.slipway.model.PollResult;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds out what became of a request that the application's status is not about, and that neither
 * waits nor runs: it is not to be seen yet, was merged into another, or ended and was followed by
 * another.
 */
final class LostRequestResolver {
  /** Within it, Qovery may not show the request yet. */
  private static final Duration SETTLING = Duration.ofMinutes(1);

  /** After it, a request that left no trace never will. */
  private static final Duration TRACELESS = Duration.ofMinutes(10);

  private final QoveryClient client;
  private final QoveryService service;
  private final QoveryEnd end;

  LostRequestResolver(QoveryClient client, QoveryService service, QoveryEnd end) {
    this.client = client;
    this.service = service;
    this.end = end;
  }

  /**
   * @param status about another request
   * @param ended the state in which our request ended, if Qovery still knows it
   */
  PollResult of(
      QoveryServiceStatus status, DeployCriteria criteria, String requestId, Optional<String> ended)
      throws QoveryUnavailableException, InterruptedException {
    Optional<QoveryHistory.Entry> entry =
        end.history(criteria.version())
            .flatMap(history -> history.latest(criteria.version(), criteria.since()));
    if (entry.isPresent()) {
      return end.ofEntry(entry.get(), criteria.version());
    }
    Optional<String> other = ended.filter(state -> outlook(state) != QoveryStatus.LIVE);
    if (other.isPresent()) {
      return end.unlessLive(outlook(other.get()), other.get());
    }
    if (!status.status().isEnd() && status.status() != QoveryStatus.IDLE) {
      return end.unlessLive(status.status(), status.phase());
    }
    if (criteria.isYoungerThan(SETTLING, client.now())) {
      return accepted();
    }
    if (status.isSince(criteria.since())) {
      return overtaken(status, criteria, requestId);
    }
    return ended.isEmpty() ? untraced(criteria, "request " + requestId) : ranNothing(requestId);
  }

  /** Nothing shows that Qovery ever began with it. */
  PollResult untraced(DeployCriteria criteria, String what) {
    return criteria.isYoungerThan(TRACELESS, client.now())
        ? accepted()
        : end.errored(
            "Qovery accepted %s but has not begun with it after %d minutes%s"
                .formatted(what, TRACELESS.toMinutes(), event()));
  }

  private PollResult overtaken(
      QoveryServiceStatus status, DeployCriteria criteria, String requestId)
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

  private QoveryStatus outlook(String state) {
    return QoveryStatus.ofState(state, service.forceEvent());
  }

  private String event() {
    return service.forceEvent() == null
        ? ""
        : "; check that the job has the event " + service.forceEvent();
  }

  private static PollResult accepted() {
    return new PollResult.Going("accepted, not begun", QoveryWaits.RUNNING);
  }
}
