package dev.slipway.targets.qovery;

import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.LastLogged;
import dev.slipway.targets.ProviderWaits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * Follows one deploy to its end. Right after the request the service still shows the end of the
 * deploy before, so a state that may be that one's does not count.
 */
final class QoveryFollower {
  private static final Duration CANCEL_AGAIN = Duration.ofSeconds(10);

  /** For so long Qovery may not show a new request yet. */
  private static final Duration SETTLING = Duration.ofMinutes(1);

  /** A request that has left no trace for so long never will. */
  private static final Duration TRACELESS = Duration.ofMinutes(10);

  private final QoveryClient client;
  private final QoveryConfig config;
  private final QoveryMessages messages;
  private final InstantSource clock;
  private final QoveryLookup lookup;
  private final QoveryLinks links;
  private final QoveryDeployLog deployLog;
  private final QoveryEnd end;
  private final Map<String, Instant> failedSince = new ConcurrentHashMap<>();
  private final LastLogged lastLogged = new LastLogged();

  QoveryFollower(
      QoveryClient client, QoveryConfig config, QoveryMessages messages, InstantSource clock) {
    this.client = client;
    this.config = config;
    this.messages = messages;
    this.clock = clock;
    this.lookup = new QoveryLookup(client, config.forceEvent(), messages);
    this.links = new QoveryLinks(client, config.kind());
    this.deployLog = new QoveryDeployLog(client, links, config.id(), clock);
    this.end = new QoveryEnd(client, config.kind(), messages, links, deployLog);
  }

  /**
   * What a poll saw.
   *
   * @param executionId Qovery's id of the deploy, by which its log is found; empty while it is not
   *     known
   */
  private record Sighting(PollResult result, String executionId) {}

  PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    Sighting seen = look(attempt, QoveryDeployId.parse(id));
    Optional<Duration> rest = untilLogIsThere(key(attempt, id), seen, log);
    if (rest.isPresent()) {
      return new PollResult.NotYet(rest.get());
    }
    log(key(attempt, id), seen.result(), log);
    switch (seen.result()) {
      case PollResult.Over _ -> {
        deployLog.finish(attempt, seen.executionId(), log);
        failedSince.remove(key(attempt, id));
      }
      case PollResult.Going _ -> deployLog.follow(attempt, seen.executionId(), log);
      case PollResult.Unseen _, PollResult.NotYet _ -> {}
    }
    return seen.result();
  }

  /** The last lines of a deploy that failed say why, and take a moment to be there. */
  private Optional<Duration> untilLogIsThere(String key, Sighting seen, AttemptLog log) {
    boolean isFailure =
        seen.result() instanceof PollResult.Over(End.Failed _)
            && !seen.executionId().isEmpty()
            && log.provider().isPresent();
    if (!isFailure) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Instant since = failedSince.computeIfAbsent(key, _ -> now);
    Duration left = Duration.between(now, since.plus(QoveryDeployLog.LAG));
    return Optional.of(left).filter(Duration::isPositive);
  }

  LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException {
    LookupResult result = lookUp(attempt);
    log.log("Looked up: " + words(result));
    return result;
  }

  StopResult stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    log.log("Qovery: asking to cancel " + id);
    StopResult result = cancel(QoveryDeployId.parse(id));
    log.log("Qovery: " + result.outcome());
    lastLogged.forget(key(attempt, id));
    failedSince.remove(key(attempt, id));
    deployLog.forget(attempt);
    return result;
  }

  private Sighting look(Attempt attempt, QoveryDeployId id) throws InterruptedException {
    Optional<QoveryVersion> version = config.version().version(attempt.deployment());
    if (version.isEmpty()) {
      return unnamed(new PollResult.Over(new End.Errored(withoutVersion())));
    }
    try {
      return switch (id) {
        case QoveryDeployId.Request(String requestId) ->
            byRequestId(requestId, version.get(), attempt.since());
        case QoveryDeployId.Since(Instant since) ->
            byTime(new QoveryDeploy.Criteria(version.get(), attempt.since(), since));
      };
    } catch (QoveryClient.UnavailableException e) {
      return unnamed(new PollResult.Unseen(e.reason(), e.again()));
    }
  }

  private static Sighting unnamed(PollResult result) {
    return new Sighting(result, "");
  }

  private LookupResult lookUp(Attempt attempt) throws InterruptedException {
    Optional<QoveryVersion> version = config.version().version(attempt.deployment());
    if (version.isEmpty()) {
      return new LookupResult.CannotKnow(withoutVersion());
    }
    try {
      return lookup.lookUp(version.get(), attempt.since());
    } catch (QoveryClient.UnavailableException e) {
      return new LookupResult.Unreachable(e.reason(), e.again());
    }
  }

  /** Reached only when a setting changes during a deploy: without a version nothing is started. */
  private String withoutVersion() {
    return "The deployment names no commit, which the Qovery settings now ask for; "
        + messages.whereToLook();
  }

  private Sighting byRequestId(String requestId, QoveryVersion version, Instant asked)
      throws QoveryClient.UnavailableException, InterruptedException {
    QoveryClient.Answer answer = client.status();
    QoveryDeploy.Criteria criteria =
        new QoveryDeploy.Criteria(version, asked, answer.onQoveryClock(asked));
    QoveryServiceStatus now = QoveryServiceStatus.from(answer.json(), config.forceEvent());
    if (now.requestId().equalsIgnoreCase(requestId)) {
      return new Sighting(ours(now, criteria), now.executionId());
    }
    Optional<String> request;
    try {
      request = client.requestState(requestId);
    } catch (QoveryClient.UnavailableException e) {
      if (isQueued(requestId)) {
        return unnamed(queued());
      }
      throw e;
    }
    Optional<QoveryStatus> state = request.map(this::statusOf);
    if (state.isPresent() && !state.get().isOver()) {
      return unnamed(end.notLive(state.get(), request.orElseThrow(), ""));
    }
    if (request.isEmpty() && isQueued(requestId)) {
      return unnamed(queued());
    }
    // It may have left the queue after the status was read
    QoveryServiceStatus later =
        QoveryServiceStatus.from(client.status().json(), config.forceEvent());
    return later.requestId().equalsIgnoreCase(requestId)
        ? new Sighting(ours(later, criteria), later.executionId())
        : unnamed(lost(later, criteria, requestId, request));
  }

  private Sighting byTime(QoveryDeploy.Criteria criteria)
      throws QoveryClient.UnavailableException, InterruptedException {
    QoveryServiceStatus now = QoveryServiceStatus.from(client.status().json(), config.forceEvent());
    if (!now.status().isOver() && now.status() != QoveryStatus.IDLE) {
      return new Sighting(
          end.notLive(now.status(), now.phase(), now.executionId()), now.executionId());
    }
    Optional<QoveryDeploy> deploy = deploy(criteria);
    if (deploy.isPresent()) {
      return new Sighting(
          end.ofDeploy(deploy.get(), criteria.version()), deploy.get().executionId());
    }
    boolean isAnothers = !now.mayBeOurs() && now.status() != QoveryStatus.OTHER_ACTION;
    return now.isDeployedAfter(criteria.since()) && now.status().isOver() && !isAnothers
        ? new Sighting(
            end.of(now.status(), now.phase(), now.executionId(), criteria), now.executionId())
        : unnamed(withoutTrace(criteria, "the deploy"));
  }

  private PollResult ours(QoveryServiceStatus status, QoveryDeploy.Criteria criteria)
      throws QoveryClient.UnavailableException, InterruptedException {
    boolean neverRan =
        config.forceEvent() != null
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
      throws QoveryClient.UnavailableException, InterruptedException {
    Optional<QoveryDeploy> deploy = deploy(criteria);
    if (deploy.isPresent()) {
      return end.ofDeploy(deploy.get(), criteria.version());
    }
    Optional<String> other = ended.filter(last -> statusOf(last) != QoveryStatus.LIVE);
    if (other.isPresent()) {
      return end.notLive(statusOf(other.get()), other.get(), "");
    }
    if (!status.status().isOver() && status.status() != QoveryStatus.IDLE) {
      return end.notLive(status.status(), status.phase(), "");
    }
    if (criteria.isYoungerThan(SETTLING, clock.instant())) {
      return notBegun();
    }
    if (status.isDeployedAfter(criteria.since())) {
      return overtaken(status, criteria, requestId);
    }
    return ended.isEmpty() ? withoutTrace(criteria, "request " + requestId) : ranNothing(requestId);
  }

  /** Handles a deploy of which Qovery shows nothing at all. */
  private PollResult withoutTrace(QoveryDeploy.Criteria criteria, String what) {
    return criteria.isYoungerThan(TRACELESS, clock.instant())
        ? notBegun()
        : end.errored(
            "Qovery accepted %s but has not begun with it after %d minutes%s"
                .formatted(what, TRACELESS.toMinutes(), event()));
  }

  private PollResult overtaken(
      QoveryServiceStatus status, QoveryDeploy.Criteria criteria, String requestId)
      throws QoveryClient.UnavailableException, InterruptedException {
    Optional<String> deployed =
        status.status() == QoveryStatus.LIVE
            ? client.service().flatMap(service -> service.deployed(criteria.version()))
            : Optional.empty();
    if (deployed.filter(criteria.version()::matches).isPresent()) {
      return end.succeeded(
          criteria.version().describe() + " is live, with a request it was merged into");
    }
    return deployed.isPresent() && criteria.version().reportsRunning()
        ? end.mismatch(criteria.version(), deployed.get())
        : end.errored(
            "Qovery no longer knows request %s and shows %s of another one"
                .formatted(requestId, messages.clean(status.phase())));
  }

  private PollResult ranNothing(String requestId) {
    return end.errored(
        "Qovery ended request %s without deploying the %s%s"
            .formatted(requestId, config.kind().noun(), event()));
  }

  private QoveryStatus statusOf(String state) {
    return QoveryStatus.ofState(state, config.forceEvent());
  }

  private String event() {
    return config.forceEvent() == null
        ? ""
        : "; check that the job has the event " + config.forceEvent();
  }

  private static PollResult notBegun() {
    return new PollResult.Going("accepted, not begun", QoveryWaits.RUNNING);
  }

  private Optional<QoveryDeploy> deploy(QoveryDeploy.Criteria criteria)
      throws QoveryClient.UnavailableException, InterruptedException {
    return client.history(criteria.version()).flatMap(history -> history.latest(criteria));
  }

  private static PollResult queued() {
    return new PollResult.Going("QUEUED", QoveryWaits.QUEUED);
  }

  private boolean isQueued(String requestId)
      throws QoveryClient.UnavailableException, InterruptedException {
    for (JsonNode queued : client.queue()) {
      String id = queued.path("identifier").path("deployment_request_id").stringValue("");
      if (id.equalsIgnoreCase(requestId)) {
        return true;
      }
    }
    return false;
  }

  private StopResult cancel(QoveryDeployId id) throws InterruptedException {
    return switch (id) {
      case QoveryDeployId.Since _ ->
          new StopResult.Done(
              "could not be cancelled at Qovery, which never named the request; cancel the deploy of the "
                  + config.kind().noun()
                  + " in Qovery's console");
      case QoveryDeployId.Request(String requestId) -> result(client.cancel(requestId));
    };
  }

  private StopResult result(Reply reply) {
    Duration again = ProviderWaits.afterFailure(reply, CANCEL_AGAIN, clock.instant());
    return switch (reply) {
      case Reply.NotSent(String reason, _) -> new StopResult.NotYet(notCancelled(reason), again);
      case Reply.Unanswered(String reason) ->
          new StopResult.NotYet(
              "may have been cancelled at Qovery (" + reason + "); look in Qovery's console",
              again);
      case Reply.Answered answer when answer.isSuccess() ->
          new StopResult.Done("cancelled at Qovery");
      case Reply.Answered answer when answer.status() == 409 ->
          new StopResult.Done(
              "Qovery was already cancelling it, or could not just then (409); look in Qovery's console");
      case Reply.Answered answer when answer.status() == 401 || answer.status() == 403 ->
          new StopResult.Done(notCancelled(messages.withHint(answer)));
      case Reply.Answered answer when answer.mayPass() ->
          new StopResult.NotYet(notCancelled(messages.of(answer)), again);
      case Reply.Answered answer -> new StopResult.Done(notCancelled(messages.of(answer)));
    };
  }

  private static String notCancelled(String reason) {
    return "could not be cancelled at Qovery (" + reason + "); cancel it in Qovery's console";
  }

  private void log(String key, PollResult result, AttemptLog log) throws InterruptedException {
    String line = words(result);
    String before = lastLogged.replace(key, line);
    if (before == null) {
      links.console().ifPresent(link -> log.log("Qovery: follow it at " + link));
    }
    if (!line.equals(before)) {
      log.log(line);
    }
    if (result instanceof PollResult.Over) {
      lastLogged.forget(key);
    }
  }

  private static String words(PollResult result) {
    return switch (result) {
      case PollResult.Going going -> "Qovery: " + going.phase();
      case PollResult.Over over -> over.end().reason();
      case PollResult.Unseen unseen -> "Not seen at Qovery: " + unseen.reason();
      case PollResult.NotYet _ -> "Not asked for yet at Qovery";
    };
  }

  private static String words(LookupResult result) {
    return switch (result) {
      case LookupResult.Found found -> found.reason() + " (" + found.id() + ")";
      case LookupResult.NotThere notThere -> notThere.reason();
      case LookupResult.Unreachable unreachable -> unreachable.reason();
      case LookupResult.CannotKnow cannotKnow -> cannotKnow.reason();
    };
  }

  private static String key(Attempt attempt, String id) {
    return attempt.deploymentId() + "/" + id;
  }
}
