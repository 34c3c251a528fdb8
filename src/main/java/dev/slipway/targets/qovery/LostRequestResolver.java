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

  private final QoveryClient api;
  private final QoveryService subject;
  private final QoveryEnd judge;

  LostRequestResolver(QoveryClient api, QoveryService subject, QoveryEnd judge) {
    this.api = api;
    this.subject = subject;
    this.judge = judge;
  }

  /**
   * @param status about another request
   * @param ended the state in which our request ended, if Qovery still knows it
   */
  PollResult of(
      QoveryServiceStatus status, DeployCriteria trail, String requestId, Optional<String> ended)
      throws QoveryUnavailableException, InterruptedException {
    Optional<QoveryHistory.Entry> entry =
        judge
            .history(trail.version())
            .flatMap(history -> history.latest(trail.version(), trail.since()));
    if (entry.isPresent()) {
      return judge.ofEntry(entry.get(), trail.version());
    }
    Optional<String> other = ended.filter(state -> outlook(state) != QoveryStatus.LIVE);
    if (other.isPresent()) {
      return judge.unlessLive(outlook(other.get()), other.get());
    }
    if (!status.status().isEnd() && status.status() != QoveryStatus.IDLE) {
      return judge.unlessLive(status.status(), status.phase());
    }
    if (trail.isYoungerThan(SETTLING, api.now())) {
      return accepted();
    }
    if (status.isSince(trail.since())) {
      return overtaken(status, trail, requestId);
    }
    return ended.isEmpty() ? untraced(trail, "request " + requestId) : ranNothing(requestId);
  }

  /** Nothing shows that Qovery ever began with it. */
  PollResult untraced(DeployCriteria trail, String what) {
    return trail.isYoungerThan(TRACELESS, api.now())
        ? accepted()
        : judge.errored(
            "Qovery accepted %s but has not begun with it after %d minutes%s"
                .formatted(what, TRACELESS.toMinutes(), event()));
  }

  private PollResult overtaken(QoveryServiceStatus status, DeployCriteria trail, String requestId)
      throws QoveryUnavailableException, InterruptedException {
    Optional<String> deployed =
        status.status() == QoveryStatus.LIVE ? judge.deployed(trail.version()) : Optional.empty();
    if (deployed.filter(trail.version()::matches).isPresent()) {
      return judge.succeeded(
          trail.version().describe() + " is live, with a request it was merged into");
    }
    return deployed.isPresent() && trail.version().reportsRunning()
        ? judge.mismatch(trail.version(), deployed.get())
        : judge.errored(
            "Qovery no longer knows request %s and shows %s of another one"
                .formatted(requestId, status.phase()));
  }

  private PollResult ranNothing(String requestId) {
    return judge.errored(
        "Qovery ended request %s without deploying the %s%s"
            .formatted(requestId, subject.kind().word, event()));
  }

  private QoveryStatus outlook(String state) {
    return QoveryStatus.ofState(state, subject.forceEvent());
  }

  private String event() {
    return subject.forceEvent() == null
        ? ""
        : "; check that the job has the event " + subject.forceEvent();
  }

  private static PollResult accepted() {
    return new PollResult.Going("accepted, not begun", QoveryWaits.RUNNING);
  }
}
