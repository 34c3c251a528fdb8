package dev.slipway.targets.qovery;

import dev.slipway.model.PollResult;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Follows one deploy. Right after the request the application still shows the end of the deploy
 * before, so nothing counts that cannot be told apart from it.
 */
final class Follower {
  private final QoveryApi api;
  private final Subject subject;
  private final Judge judge;
  private final Aftermath aftermath;

  Follower(QoveryApi api, Subject subject) {
    this.api = api.polling();
    this.subject = subject;
    this.judge = new Judge(api, subject);
    this.aftermath = new Aftermath(api, subject, judge);
  }

  PollResult follow(DeployId id, Version version, Instant asked)
      throws Unreadable, InterruptedException {
    return switch (id) {
      case DeployId.Request(String requestId) -> named(requestId, version, asked);
      case DeployId.Since(Instant since) -> dated(new Trail(version, asked, since));
    };
  }

  private PollResult named(String requestId, Version version, Instant asked)
      throws Unreadable, InterruptedException {
    Page page = statusPage();
    Trail trail = new Trail(version, asked, page.theirs(asked));
    Snapshot now = Snapshot.of(page.json(), subject);
    if (now.requestId().equalsIgnoreCase(requestId)) {
      return ours(now, trail);
    }
    Optional<String> request;
    try {
      request = requestState(requestId);
    } catch (Unreadable e) {
      if (waits(requestId)) {
        return queued();
      }
      throw e;
    }
    Optional<Outlook> outlook = request.map(state -> Outlook.ofState(state, subject.forceEvent()));
    if (outlook.isPresent() && !outlook.get().isEnd()) {
      return judge.unlessLive(outlook.get(), request.orElseThrow());
    }
    if (request.isEmpty() && waits(requestId)) {
      return queued();
    }
    // It may have left the queue after the status was read
    Snapshot later = Snapshot.of(statusPage().json(), subject);
    return later.requestId().equalsIgnoreCase(requestId)
        ? ours(later, trail)
        : aftermath.of(later, trail, requestId, request);
  }

  private PollResult dated(Trail trail) throws Unreadable, InterruptedException {
    Snapshot now = Snapshot.of(statusPage().json(), subject);
    if (!now.outlook().isEnd() && now.outlook() != Outlook.IDLE) {
      return judge.unlessLive(now.outlook(), now.word());
    }
    Optional<History.Entry> entry = entry(trail);
    if (entry.isPresent()) {
      return judge.ofEntry(entry.get(), trail.version());
    }
    boolean isAnothers = !now.mayBeOurs() && now.outlook() != Outlook.OTHER_ACTION;
    return now.isSince(trail.since()) && now.outlook().isEnd() && !isAnothers
        ? judge.of(now.outlook(), now.word(), now.executionId(), trail)
        : aftermath.untraced(trail, "the deploy");
  }

  private PollResult ours(Snapshot status, Trail trail) throws Unreadable, InterruptedException {
    boolean neverRan =
        subject.forceEvent() != null
            && status.outlook() == Outlook.LIVE
            && status.isBefore(trail.since())
            && entry(trail).isEmpty();
    return neverRan
        ? aftermath.untraced(trail, "request " + status.requestId())
        : judge.of(status.outlook(), status.word(), status.executionId(), trail);
  }

  private Optional<History.Entry> entry(Trail trail) throws Unreadable, InterruptedException {
    return judge
        .history(trail.version())
        .flatMap(history -> history.latest(trail.version(), trail.since()));
  }

  private static PollResult queued() {
    return new PollResult.Going("QUEUED", Pace.QUEUED);
  }

  private Page statusPage() throws Unreadable, InterruptedException {
    return api.read(subject, subject.path() + "/status");
  }

  private Optional<String> requestState(String requestId) throws Unreadable, InterruptedException {
    return api.seek(
            "/environment/deploymentStatus?deploymentRequestId=" + QoveryApi.escaped(requestId))
        .map(Page::json)
        .filter(
            json -> requestId.equalsIgnoreCase(json.path("deployment_request_id").stringValue("")))
        .flatMap(json -> json.path("status").stringValueOpt())
        .map(QoveryApi::line);
  }

  private boolean waits(String requestId) throws Unreadable, InterruptedException {
    for (JsonNode waiting : api.read(subject, subject.queuePath()).json().path("results")) {
      String id = waiting.path("identifier").path("deployment_request_id").stringValue("");
      if (id.equalsIgnoreCase(requestId)) {
        return true;
      }
    }
    return false;
  }
}
