package dev.slipway.targets.render;

import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.LenientJson;
import dev.slipway.targets.ProviderWaits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds, follows and stops deploys through Render's API, however they were started. What it
 * remembers only spares lines and calls: everything goes on without it after a restart.
 */
final class RenderFollower {
  private static final Duration SOON = Duration.ofSeconds(5);

  /** How long a key that was good may be denied before nobody waits for it any more. */
  private static final Duration DENIED = Duration.ofMinutes(5);

  private final RenderClient client;
  private final RenderMessages messages;
  private final InstantSource clock;
  private final RenderLookup lookup;
  private final RenderEnd ends;
  private final NewestDeploys newest;
  private final Instant createdAt;
  private final Map<String, Progress> progress = new ConcurrentHashMap<>();

  /**
   * What was last seen of a run.
   *
   * @param deniedSince since when every answer was that the key may not
   * @param nextRead when the next look at it alone is paid for
   * @param list the last call for a list that can tell nothing new
   */
  private record Progress(
      String phase,
      int failures,
      @Nullable String deployId,
      @Nullable Instant deniedSince,
      @Nullable Instant nextRead,
      long list) {
    static final Progress BLANK = new Progress("", 0, null, null, null, 0);

    Progress withPhase(String word) {
      return new Progress(word, 0, deployId, null, null, list);
    }

    Progress withFailure(@Nullable Instant denied) {
      return new Progress(phase, failures + 1, deployId, denied, null, list);
    }

    Progress withDeploy(String deploy) {
      return new Progress("", 0, deploy, null, null, list);
    }

    Progress withNextRead(Instant next) {
      return new Progress(phase, failures, deployId, deniedSince, next, list);
    }

    Progress withList(long number) {
      return new Progress(phase, failures, deployId, deniedSince, nextRead, number);
    }
  }

  RenderFollower(
      RenderClient client,
      DeployTrigger trigger,
      ImageReference image,
      RenderMessages messages,
      InstantSource clock) {
    this.client = client;
    this.messages = messages;
    this.clock = clock;
    this.lookup = new RenderLookup(client, trigger, messages, clock);
    this.ends = new RenderEnd(client, image, messages);
    this.newest = client.shared();
    this.createdAt = clock.instant();
  }

  /**
   * @param patience how long an accepted request may stay without a deploy to see
   */
  PollResult poll(Attempt attempt, String id, Duration patience, AttemptLog log)
      throws InterruptedException {
    PollResult sighting =
        switch (RenderDeployId.parse(id)) {
          case RenderDeployId.Known(String deployId) -> follow(attempt, deployId, log);
          case RenderDeployId.Pending(Instant sent) -> {
            String known = progressOf(attempt).deployId();
            yield known == null
                ? findWhenReserved(attempt, sent, patience, log)
                : follow(attempt, known, log);
          }
          case RenderDeployId.Invalid() ->
              new PollResult.Over(
                  new End.Errored("Not an id of a deploy at Render: " + messages.clean(id)));
        };
    if (sighting instanceof PollResult.Over) {
      forget(attempt);
    }
    return sighting;
  }

  private PollResult findWhenReserved(
      Attempt attempt, Instant sent, Duration patience, AttemptLog log)
      throws InterruptedException {
    Optional<PollResult> early = untilReserved(attempt);
    return early.isPresent()
        ? early.get()
        : reserveNext(attempt, lookUp(attempt, sent, patience, log));
  }

  /** With one call for all who follow a deploy of the service, as long as that tells enough. */
  private PollResult follow(Attempt attempt, String deployId, AttemptLog log)
      throws InterruptedException {
    boolean isOneOfMany = newest.join(key(attempt));
    if (progressOf(attempt).nextRead() == null && isListed(attempt, isOneOfMany)) {
      Optional<PollResult> sighting = pollTogether(attempt, deployId, log);
      if (sighting.isPresent()) {
        return sighting.get();
      }
    }
    Optional<PollResult> early = untilReserved(attempt);
    if (early.isPresent()) {
      return early.get();
    }
    PollResult sighting = read(attempt, deployId, log);
    return isOneOfMany ? sighting : reserveNext(attempt, sighting);
  }

  /** After a restart nobody knows yet how many there are; what has just begun is on no list yet. */
  private boolean isListed(Attempt attempt, boolean isOneOfMany) {
    return progress.containsKey(key(attempt)) ? isOneOfMany : attempt.since().isBefore(createdAt);
  }

  /**
   * Empty when the deploy has to be asked for by itself: there is no list, or it is not on it, or
   * over.
   */
  private Optional<PollResult> pollTogether(Attempt attempt, String deployId, AttemptLog log)
      throws InterruptedException {
    return switch (newest.after(progressOf(attempt).list(), client::newest)) {
      case NewestDeploys.NotYet(Duration left) -> Optional.of(new PollResult.NotYet(left));
      case NewestDeploys.NoAnswer() -> Optional.empty();
      case NewestDeploys.Listing listing -> {
        remember(attempt, progressOf(attempt).withList(listing.number()));
        RenderDeploy deploy = listing.deploys().get(deployId);
        if (listing.trouble() != null) {
          yield Optional.of(after(listing, unseen(attempt, listing.trouble())));
        }
        yield deploy == null || RenderStatus.isOver(word(deploy))
            ? Optional.empty()
            : Optional.of(after(listing, seen(attempt, deploy, log)));
      }
    };
  }

  /** After a restart everybody comes at once, and nobody's turn has been paid for. */
  private Optional<PollResult> untilReserved(Attempt attempt) {
    Instant turn = progressOf(attempt).nextRead();
    if (turn == null) {
      turn = clock.instant().plus(client.budget().reserve());
      remember(attempt, progressOf(attempt).withNextRead(turn));
    }
    Duration left = Duration.between(clock.instant(), turn);
    return left.isPositive() ? Optional.of(new PollResult.NotYet(left)) : Optional.empty();
  }

  private PollResult after(NewestDeploys.Listing listing, PollResult sighting) {
    return again(sighting, pace -> newest.untilNext(listing, pace));
  }

  private PollResult reserveNext(Attempt attempt, PollResult sighting) {
    return again(
        sighting,
        pace -> {
          Duration wait = client.budget().reserve();
          remember(attempt, progressOf(attempt).withNextRead(clock.instant().plus(wait)));
          return wait.compareTo(pace) > 0 ? wait : pace;
        });
  }

  private static PollResult again(PollResult sighting, UnaryOperator<Duration> wait) {
    return switch (sighting) {
      case PollResult.Over over -> over;
      case PollResult.NotYet notYet -> notYet;
      case PollResult.Going(String phase, Duration pace) ->
          new PollResult.Going(phase, wait.apply(pace));
      case PollResult.Unseen(String reason, Duration pace) ->
          new PollResult.Unseen(reason, wait.apply(pace));
    };
  }

  private PollResult lookUp(Attempt attempt, Instant sent, Duration patience, AttemptLog log)
      throws InterruptedException {
    return switch (lookup.search(sent, attempt.deployment().sha())) {
      case RenderLookup.Match(RenderDeploy deploy) -> {
        log.log("Render: the deploy is " + deploy.id());
        remember(attempt, progressOf(attempt).withDeploy(deploy.id()));
        yield read(attempt, deploy.id(), log);
      }
      case RenderLookup.Unreadable(String reason, Duration again, boolean isDenied) ->
          unseen(attempt, reason, again, isDenied);
      case RenderLookup.NoMatch() ->
          clock.instant().isBefore(sent.plus(patience))
              ? going(attempt, "accepted, no deploy to see yet", SOON, log)
              : new PollResult.Over(
                  new End.Errored(
                      "Render accepted the request but shows no deploy of "
                          + attempt.deployment().shortSha()
                          + " since; look at the service "
                          + client.serviceId()
                          + " in Render's dashboard"));
    };
  }

  private PollResult read(Attempt attempt, String deployId, AttemptLog log)
      throws InterruptedException {
    remember(attempt, progressOf(attempt).withList(newest.asked()));
    Reply reply = client.deploy(deployId);
    if (!(reply instanceof Reply.Answered answer) || !answer.isSuccess()) {
      return unseen(attempt, reply);
    }
    Optional<RenderDeploy> deploy = RenderDeploy.from(answer.json());
    return deploy.isPresent() && deploy.get().id().equals(deployId)
        ? seen(attempt, deploy.get(), log)
        : unseen(attempt, reply);
  }

  private PollResult seen(Attempt attempt, RenderDeploy deploy, AttemptLog log)
      throws InterruptedException {
    String word = word(deploy);
    RenderStatus status = RenderStatus.of(word).orElse(null);
    if (status == null) {
      return going(attempt, word, SOON, log);
    }
    if (!status.isOver()) {
      return going(attempt, word, status.pace(), log);
    }
    log.log("Render: " + word);
    return new PollResult.Over(ends.of(attempt, deploy, status));
  }

  private String word(RenderDeploy deploy) {
    return deploy.status() == null ? "no status yet" : messages.clean(deploy.status());
  }

  private PollResult going(Attempt attempt, String phase, Duration again, AttemptLog log) {
    if (!progressOf(attempt).phase().equals(phase)) {
      log.log("Render: " + phase);
    }
    remember(attempt, progressOf(attempt).withPhase(phase));
    return new PollResult.Going(phase, again);
  }

  private PollResult unseen(Attempt attempt, Reply reply) {
    return unseen(
        attempt,
        "The deploy cannot be seen: " + messages.unseen(reply),
        ProviderWaits.afterFailure(reply, progressOf(attempt).failures() + 1, clock.instant()),
        reply instanceof Reply.Answered answer && RenderClient.isDenied(answer));
  }

  private PollResult unseen(Attempt attempt, String reason, Duration again, boolean isDenied) {
    Instant now = clock.instant();
    Instant before = progressOf(attempt).deniedSince();
    Instant since = before == null ? now : before;
    remember(attempt, progressOf(attempt).withFailure(isDenied ? since : null));
    return isDenied && !now.isBefore(since.plus(DENIED))
        ? new PollResult.Over(
            new End.Errored(
                "Render started the deploy, but has not let it be seen for %d minutes; it may be live. %s. Look at the service %s in Render's dashboard"
                    .formatted(DENIED.toMinutes(), reason, client.serviceId())))
        : new PollResult.Unseen(reason, again);
  }

  LookupResult lookUp(Attempt attempt) throws InterruptedException {
    return switch (lookup.search(attempt.since(), attempt.deployment().sha())) {
      case RenderLookup.Match(RenderDeploy deploy) ->
          new LookupResult.Found(deploy.id(), "Render did start deploy " + deploy.id());
      case RenderLookup.Unreadable(String reason, Duration again, _) ->
          new LookupResult.Unreachable(reason, again);
      case RenderLookup.NoMatch() ->
          new LookupResult.NotThere(
              "Render lists no deploy of " + attempt.deployment().shortSha() + " since then", SOON);
    };
  }

  String stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    String outcome =
        client.serviceId().isCronJob()
            ? "not stopped: Render cannot cancel the deploy of a cron job"
            : stopped(attempt, id, log);
    // Most are not looked at again; one that is begins anew, as after a restart
    forget(attempt);
    return outcome;
  }

  private String stopped(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    return switch (RenderDeployId.parse(id)) {
      case RenderDeployId.Known(String deployId) -> cancel(deployId, log);
      case RenderDeployId.Pending(Instant sent) -> findAndCancel(attempt, sent, log);
      case RenderDeployId.Invalid() -> "not stopped: no id of a deploy at Render";
    };
  }

  private String findAndCancel(Attempt attempt, Instant sent, AttemptLog log)
      throws InterruptedException {
    String known = progressOf(attempt).deployId();
    if (known != null) {
      return cancel(known, log);
    }
    return switch (lookup.search(sent, attempt.deployment().sha())) {
      case RenderLookup.Match(RenderDeploy deploy) -> cancel(deploy.id(), log);
      case RenderLookup.Unreadable(String reason, _, _) -> "not stopped: " + reason;
      case RenderLookup.NoMatch() -> "not stopped: Render shows no deploy to cancel";
    };
  }

  private String cancel(String deployId, AttemptLog log) throws InterruptedException {
    Call call = client.cancel(deployId);
    log.log("Render API: " + call.described());
    return outcome(client.send(call));
  }

  private String outcome(Reply reply) {
    if (!(reply instanceof Reply.Answered answer) || !answer.isSuccess()) {
      return "not stopped: " + messages.unseen(reply);
    }
    String status = LenientJson.text(answer.json().path("status")).orElse("canceled");
    return status.equals(RenderStatus.CANCELED.code())
        ? "cancelled at Render"
        : "Render was asked to cancel and says " + messages.clean(status);
  }

  private Progress progressOf(Attempt attempt) {
    return progress.getOrDefault(key(attempt), Progress.BLANK);
  }

  private void remember(Attempt attempt, Progress memory) {
    progress.put(key(attempt), memory);
  }

  private void forget(Attempt attempt) {
    progress.remove(key(attempt));
    newest.leave(key(attempt));
  }

  private static String key(Attempt attempt) {
    return attempt.deploymentId() + "/" + attempt.run();
  }
}
