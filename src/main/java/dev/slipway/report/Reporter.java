package dev.slipway.report;

import dev.slipway.github.Github;
import dev.slipway.github.PostResult;
import dev.slipway.github.ReadResult;
import dev.slipway.model.DurationFormat;
import dev.slipway.model.Repository;
import dev.slipway.store.ClaimedStatus;
import dev.slipway.store.Outbox;
import dev.slipway.store.StoreException;
import dev.slipway.store.StoredDeployment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts the waiting statuses, in order for each deployment. A status whose earlier post was not
 * answered is looked up at GitHub before it is posted again. Safe for use by many threads, which
 * then post for different deployments.
 */
public final class Reporter {
  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(5);
  private static final Duration LONGEST_BREATHER = Duration.ofMinutes(1);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** GitHub's replicas may not know a younger deployment yet. */
  private static final Duration YOUNG = Duration.ofMinutes(10);

  private final Outbox outbox;
  private final Github github;
  private final Function<StoredDeployment, Optional<String>> logUrl;
  private final InstantSource clock;
  private final AtomicInteger failures = new AtomicInteger();
  private final Set<ClaimedStatus> claimed = ConcurrentHashMap.newKeySet();
  private volatile boolean githubUnavailable;

  /**
   * @param logUrl the address of a deployment's log page; empty when log links are off
   */
  public Reporter(
      Outbox outbox,
      Github github,
      Function<StoredDeployment, Optional<String>> logUrl,
      InstantSource clock) {
    this.outbox = outbox;
    this.github = github;
    this.logUrl = logUrl;
    this.clock = clock;
  }

  /**
   * Claims the next status that is due, for {@link #post} or {@link #release}. Nobody else gets it
   * before one of them is done.
   */
  Optional<ClaimedStatus> claimNext() {
    Instant now = clock.instant();
    if (!github.hasCredential()) {
      outbox.processCrowds(now);
      return Optional.empty();
    }
    outbox.makeAllDueIfRequested(now);
    Optional<ClaimedStatus> next = outbox.claim(now, claimed());
    next.ifPresent(claimed::add);
    return next;
  }

  /**
   * Posts a claimed status, or records when it is due again.
   *
   * @throws StoreException when the result cannot be stored; the status will be looked up at GitHub
   */
  void post(ClaimedStatus outgoing) throws InterruptedException {
    int failuresAtStart = failures.get();
    try {
      Optional<Result> outcome = outgoing.inDoubt() ? findThenSend(outgoing) : send(outgoing);
      if (outcome.isPresent()) {
        record(outgoing, outcome.get(), failuresAtStart);
      }
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      recordFailure(outgoing, e);
    } finally {
      claimed.remove(outgoing);
    }
  }

  /** Its message may hold the token, for a header that cannot be sent is named there. */
  private void recordFailure(ClaimedStatus outgoing, RuntimeException e) {
    githubUnavailable = true;
    String problem = "The call could not be made: " + e.getClass().getSimpleName();
    Duration wait = outbox.pauseAll(outgoing, true, problem, clock.instant());
    LOG.error("Status of deployment {} waits {}", id(outgoing), DurationFormat.format(wait), e);
  }

  /** Whether GitHub failed, or refused all calls, when it was asked last. */
  boolean isGithubUnavailable() {
    return githubUnavailable;
  }

  /** Renews the claims on the statuses that are being posted. */
  public void renewClaims() {
    outbox.renew(clock.instant(), claimed());
  }

  private ClaimedStatus[] claimed() {
    return claimed.toArray(ClaimedStatus[]::new);
  }

  /** When the next status can be posted, if one waits and there is a credential. */
  public Optional<Instant> nextDue() {
    return github.hasCredential() ? outbox.nextDue(clock.instant()) : Optional.empty();
  }

  /** The result of a post, and whether GitHub may have the status all the same. */
  private record Result(PostResult posted, boolean inDoubt) {}

  private static Repository repository(ClaimedStatus outgoing) {
    return outgoing.deployment().deployment().repository();
  }

  private static long githubId(ClaimedStatus outgoing) {
    return Objects.requireNonNull(outgoing.deployment().deployment().githubId());
  }

  private Optional<Result> findThenSend(ClaimedStatus outgoing) throws InterruptedException {
    return switch (find(outgoing)) {
      case Github.StatusLookup.Found(long id) ->
          refund(outgoing, new Result(new PostResult.Accepted(id), false));
      case Github.StatusLookup.Absent() -> send(outgoing);
      case Github.StatusLookup.Unavailable(PostResult reason) ->
          refund(outgoing, new Result(reason, true));
    };
  }

  private Github.StatusLookup find(ClaimedStatus outgoing) throws InterruptedException {
    try {
      return github.findStatus(
          repository(outgoing), githubId(outgoing), outgoing.status(), outgoing.githubIds());
    } catch (InterruptedException e) {
      release(outgoing);
      throw e;
    }
  }

  /** Gives a claim back, as {@link #post} is not called or posts nothing. */
  void release(ClaimedStatus outgoing) {
    claimed.remove(outgoing);
    outbox.release(outgoing, clock.instant());
  }

  private Optional<Result> refund(ClaimedStatus outgoing, Result outcome) {
    outbox.refund(outgoing);
    return Optional.of(outcome);
  }

  /** Sends the post, unless this process slept for so long that another may be doing it. */
  private Optional<Result> send(ClaimedStatus outgoing) throws InterruptedException {
    Optional<String> link = logUrl.apply(outgoing.deployment());
    if (!outbox.confirmPost(outgoing, clock)) {
      LOG.info("Status of deployment {} is posted later", id(outgoing));
      return Optional.empty();
    }
    if (Thread.interrupted()) {
      release(outgoing);
      throw new InterruptedException("interrupted before the post");
    }
    PostResult posted =
        refundIfNotCounted(
            outgoing,
            github.post(
                repository(outgoing),
                githubId(outgoing),
                outgoing.status(),
                outgoing.autoInactive(),
                link));
    // Without leave for a second post the first one is what GitHub said
    if (posted instanceof PostResult.Invalid && outbox.confirmRepost(outgoing, clock)) {
      posted =
          refundIfNotCounted(
              outgoing,
              github.postPlain(
                  repository(outgoing),
                  githubId(outgoing),
                  outgoing.status(),
                  outgoing.autoInactive()));
    }
    return Optional.of(
        new Result(posted, posted instanceof PostResult.RetryLater later && later.inDoubt()));
  }

  /** Counts the post against the budget, unless it was not sent or was refused. */
  private PostResult refundIfNotCounted(ClaimedStatus outgoing, PostResult posted) {
    boolean isCounted =
        switch (posted) {
          case PostResult.Accepted _, PostResult.Invalid _ -> true;
          case PostResult.RetryLater later -> later.mayHaveBeenSent();
          case PostResult.Refused _, PostResult.Missing _ -> false;
        };
    if (!isCounted) {
      outbox.refund(outgoing);
    }
    return posted;
  }

  private void record(ClaimedStatus outgoing, Result outcome, int failuresAtStart)
      throws InterruptedException {
    githubUnavailable = isGithubUnavailable(outcome.posted());
    if (!(outcome.posted() instanceof PostResult.RetryLater)) {
      failures.set(0);
    }
    Instant now = clock.instant();
    switch (outcome.posted()) {
      case PostResult.Accepted(long id) -> outbox.confirmPosted(outgoing, id, now);
      case PostResult.RetryLater later -> {
        // Posts that fail side by side count as one failure
        boolean _ = failures.compareAndSet(failuresAtStart, failuresAtStart + 1);
        Duration wait =
            shorter(longer(later.retryAfter(), backOff(outgoing.earlierClaims())), LONGEST_WAIT);
        outbox.pause(now.plus(later.forAll() ? wait : sharedPause(Math.max(1, failures.get()))));
        retryLater(outgoing, wait, outcome.inDoubt(), later.reason());
      }
      case PostResult.Refused refused -> recordRefused(outgoing, refused, outcome.inDoubt());
      case PostResult.Missing(String reason) ->
          investigateMissing(outgoing, reason, outcome.inDoubt());
      case PostResult.Invalid(String reason) -> recordInvalid(outgoing, reason);
    }
  }

  private static boolean isGithubUnavailable(PostResult posted) {
    return switch (posted) {
      case PostResult.RetryLater _ -> true;
      case PostResult.Refused refused -> refused.scope() == PostResult.Scope.EVERYTHING;
      case PostResult.Accepted _, PostResult.Missing _, PostResult.Invalid _ -> false;
    };
  }

  private void retryLater(ClaimedStatus outgoing, Duration wait, boolean doubt, String reason) {
    Instant now = clock.instant();
    outbox.postpone(outgoing, now.plus(wait), doubt, reason, now);
    LOG.info(
        "Status of deployment {} waits {}: {}", id(outgoing), DurationFormat.format(wait), reason);
  }

  private void recordRefused(ClaimedStatus outgoing, PostResult.Refused refused, boolean doubt) {
    Instant now = clock.instant();
    Duration wait =
        switch (refused.scope()) {
          case EVERYTHING -> outbox.pauseAll(outgoing, doubt, refused.reason(), now);
          case REPOSITORY -> outbox.pauseRepository(outgoing, doubt, refused.reason(), now);
        };
    LOG.warn(
        "Status of deployment {} is refused; GitHub is asked again in {}: {}",
        id(outgoing),
        DurationFormat.format(wait),
        refused.reason());
  }

  /** GitHub also answers 404 for what a credential may not read or not write. */
  private void investigateMissing(ClaimedStatus outgoing, String reason, boolean doubt)
      throws InterruptedException {
    boolean isSeen = github.repositoryId(repository(outgoing)).isPresent();
    Instant now = clock.instant();
    if (!isSeen) {
      String why = reason + ". " + github.credential().mayNotSee(github.settings());
      recordRefused(outgoing, new PostResult.Refused(why, PostResult.Scope.REPOSITORY), doubt);
    } else if (now.isBefore(outgoing.deployment().acceptedAt().plus(YOUNG))) {
      retryLater(outgoing, Outbox.retryDelay(outgoing), doubt, reason);
    } else {
      recordMissingInVisibleRepository(outgoing, reason, doubt);
    }
  }

  private void recordMissingInVisibleRepository(
      ClaimedStatus outgoing, String reason, boolean doubt) throws InterruptedException {
    ReadResult deployment =
        github.read(
            repository(outgoing), "deployments/" + githubId(outgoing), Optional.<String>empty());
    switch (deployment) {
      case ReadResult.Hidden(int status) when status == 404 || status == 410 -> {
        outbox.abandon(outgoing, clock.instant(), reason + ". The deployment was deleted");
        LOG.warn("Deployment {} is gone from GitHub: {}", id(outgoing), reason);
      }
      case ReadResult.RetryLater(String why, _) ->
          retryLater(outgoing, Outbox.retryDelay(outgoing), doubt, reason + "; then " + why);
      case ReadResult.Page _,
          ReadResult.Unchanged _,
          ReadResult.TooLarge _,
          ReadResult.Hidden _ -> {
        String why = reason + ". " + github.credential().mayNotWrite(github.settings());
        recordRefused(outgoing, new PostResult.Refused(why, PostResult.Scope.REPOSITORY), doubt);
      }
    }
  }

  /** A later status replaces an intermediate one; a final one has to be posted. */
  private void recordInvalid(ClaimedStatus outgoing, String reason) {
    if (outgoing.status().state().isFinal()) {
      retryLater(outgoing, Outbox.retryDelay(outgoing), false, reason);
    } else {
      outbox.giveUp(outgoing, clock.instant(), reason);
      LOG.warn("Status of deployment {} is given up: {}", id(outgoing), reason);
    }
  }

  private static long id(ClaimedStatus outgoing) {
    return outgoing.deployment().id();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /**
   * While one call after another fails, GitHub is unavailable and not only one deployment affected.
   * Then all wait a little, or all waiting statuses would fail in turn and use up the budget.
   */
  private static Duration sharedPause(int failures) {
    Duration pause = Duration.ofSeconds(1L << Math.min(failures - 1, 20));
    return pause.compareTo(LONGEST_BREATHER) > 0 ? LONGEST_BREATHER : pause;
  }

  /** Doubles from a second on, with up to a quarter of jitter. */
  private static Duration backOff(int tries) {
    Duration base = Duration.ofSeconds(1L << Math.min(tries, 20));
    Duration capped = base.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : base;
    return capped.plusMillis(ThreadLocalRandom.current().nextLong(capped.toMillis() / 4 + 1));
  }
}
