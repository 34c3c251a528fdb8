package dev.slipway.targets.render;

import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import dev.slipway.targets.AcceptedDeploys;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.ProviderWaits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Follows deploys through Render's API, however they were started. The progress that it remembers
 * only saves log lines and calls; after a restart everything goes on without it.
 */
final class RenderFollower {
  private static final Duration SOON = Duration.ofSeconds(5);

  /** How long a key that worked may be denied before the deploy is given up. */
  private static final Duration DENIED = Duration.ofMinutes(5);

  private final RenderClient client;
  private final RenderMessages messages;
  private final InstantSource clock;
  private final RenderLookup lookup;
  private final RenderEnd ends;
  private final RenderCancel cancel;
  private final RenderLog renderLog;
  private final NewestDeploys newest;
  private final Instant createdAt;
  private final Map<String, Progress> progress = new ConcurrentHashMap<>();

  /**
   * The last poll of a run.
   *
   * @param failures how many reads in a row failed
   * @param deployId the deploy's id, where it had to be searched
   * @param deniedSince when the key began to be denied by every answer
   * @param nextRead when the next read of this deploy alone is reserved
   * @param list the number of the last list that can say nothing new
   * @param finished the deploy, once it is over
   */
  private record Progress(
      String phase,
      int failures,
      @Nullable String deployId,
      @Nullable Instant deniedSince,
      @Nullable Instant nextRead,
      long list,
      @Nullable Finished finished) {
    static final Progress BLANK = new Progress("", 0, null, null, null, 0, null);

    Progress withPhase(String word) {
      return new Progress(word, 0, deployId, null, null, list, null);
    }

    Progress withFailure(@Nullable Instant denied) {
      return new Progress(phase, failures + 1, deployId, denied, null, list, null);
    }

    Progress withDeploy(String deploy) {
      return new Progress("", 0, deploy, null, null, list, null);
    }

    Progress withNextRead(Instant next) {
      return new Progress(phase, failures, deployId, deniedSince, next, list, finished);
    }

    Progress withList(long number) {
      return new Progress(phase, failures, deployId, deniedSince, nextRead, number, finished);
    }

    Progress withFinished(Finished seen) {
      return new Progress(phase, failures, deployId, deniedSince, nextRead, list, seen);
    }
  }

  /**
   * A deploy that is over, and of whose log the rest is being read.
   *
   * @param since when it was seen to be over
   */
  private record Finished(RenderDeploy deploy, RenderStatus status, Instant since) {}

  RenderFollower(
      RenderClient client,
      Set<RenderDeploy.Trigger> triggers,
      ImageReference image,
      RenderMessages messages,
      AcceptedDeploys accepted,
      InstantSource clock) {
    this.client = client;
    this.messages = messages;
    this.clock = clock;
    this.lookup = new RenderLookup(client, triggers, messages, accepted, clock);
    this.ends = new RenderEnd(client, image, messages);
    this.cancel = new RenderCancel(client, lookup, messages, clock);
    this.renderLog = new RenderLog(client, messages, clock);
    this.newest = client.shared();
    this.createdAt = clock.instant();
  }

  /**
   * @param patience how long an accepted request may stay without a deploy to see
   */
  PollResult poll(Attempt attempt, String id, Duration patience, AttemptLog log)
      throws InterruptedException {
    Finished finished = progressOf(attempt).finished();
    PollResult result =
        finished == null ? look(attempt, id, patience, log) : end(attempt, finished, log);
    if (result instanceof PollResult.Over) {
      forget(attempt);
    }
    return result;
  }

  private PollResult look(Attempt attempt, String id, Duration patience, AttemptLog log)
      throws InterruptedException {
    return switch (RenderDeployId.parse(id)) {
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
  }

  private PollResult findWhenReserved(
      Attempt attempt, Instant sent, Duration patience, AttemptLog log)
      throws InterruptedException {
    Optional<PollResult> early = untilReserved(attempt);
    return early.isPresent()
        ? early.get()
        : reserveNext(attempt, lookUp(attempt, sent, patience, log));
  }

  /**
   * Reads the list that all who follow a deploy of the service share, as long as that is enough.
   */
  private PollResult follow(Attempt attempt, String deployId, AttemptLog log)
      throws InterruptedException {
    boolean isOneOfMany = newest.join(key(attempt));
    if (progressOf(attempt).nextRead() == null && isListed(attempt, isOneOfMany)) {
      Optional<PollResult> result = pollTogether(attempt, deployId, log);
      if (result.isPresent()) {
        return result.get();
      }
    }
    Optional<PollResult> early = untilReserved(attempt);
    if (early.isPresent()) {
      return early.get();
    }
    PollResult result = read(attempt, deployId, log);
    return isOneOfMany ? result : reserveNext(attempt, result);
  }

  /** After a restart their number is not known yet; a deploy that has just begun is on no list. */
  private boolean isListed(Attempt attempt, boolean isOneOfMany) {
    return progress.containsKey(key(attempt)) ? isOneOfMany : attempt.since().isBefore(createdAt);
  }

  /** Empty when the deploy has to be read by itself: without a list, not on it, or over. */
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

  /** After a restart all deploys are polled at once, and no read is reserved yet. */
  private Optional<PollResult> untilReserved(Attempt attempt) {
    Instant next = progressOf(attempt).nextRead();
    if (next == null) {
      next = clock.instant().plus(client.budget().reserve());
      remember(attempt, progressOf(attempt).withNextRead(next));
    }
    Duration left = Duration.between(clock.instant(), next);
    return left.isPositive() ? Optional.of(new PollResult.NotYet(left)) : Optional.empty();
  }

  private PollResult after(NewestDeploys.Listing listing, PollResult result) {
    return again(result, pace -> newest.untilNext(listing, pace));
  }

  private PollResult reserveNext(Attempt attempt, PollResult result) {
    return again(
        result,
        pace -> {
          Duration wait = client.budget().reserve();
          remember(attempt, progressOf(attempt).withNextRead(clock.instant().plus(wait)));
          return wait.compareTo(pace) > 0 ? wait : pace;
        });
  }

  private static PollResult again(PollResult result, UnaryOperator<Duration> wait) {
    return switch (result) {
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
    return switch (lookup.search(attempt, sent)) {
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
    if (status == null || !status.isOver()) {
      PollResult going = going(attempt, word, status == null ? SOON : status.pace(), log);
      if (status == null || status.meaning() == RenderStatus.Meaning.GOING) {
        renderLog.follow(attempt, deploy, status != RenderStatus.BUILD_IN_PROGRESS, log);
      }
      return going;
    }
    log.log("Render: " + word);
    Finished finished = new Finished(deploy, status, clock.instant());
    remember(attempt, progressOf(attempt).withFinished(finished));
    return end(attempt, finished, log);
  }

  /** The rest of the log belongs before the end of the run, which nothing can follow. */
  private PollResult end(Attempt attempt, Finished finished, AttemptLog log)
      throws InterruptedException {
    Optional<Duration> rest =
        renderLog.finish(attempt, finished.deploy(), finished.status(), finished.since(), log);
    return rest.isPresent()
        ? new PollResult.NotYet(rest.get())
        : new PollResult.Over(ends.of(attempt, finished.deploy(), finished.status()));
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
    return lookup.lookUp(attempt);
  }

  StopResult stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    StopResult result = cancel.cancel(attempt, id, log);
    // Most are not polled again; one that is begins anew, as after a restart
    forget(attempt);
    return result;
  }

  private Progress progressOf(Attempt attempt) {
    return progress.getOrDefault(key(attempt), Progress.BLANK);
  }

  private void remember(Attempt attempt, Progress memory) {
    progress.put(key(attempt), memory);
  }

  private void forget(Attempt attempt) {
    progress.remove(key(attempt));
    renderLog.forget(attempt);
    newest.leave(key(attempt));
  }

  private static String key(Attempt attempt) {
    return attempt.deploymentId() + "/" + attempt.run();
  }
}
