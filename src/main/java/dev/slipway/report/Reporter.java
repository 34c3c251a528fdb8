package dev.slipway.report;

import dev.slipway.github.Github;
import dev.slipway.github.Posted;
import dev.slipway.model.Repository;
import dev.slipway.store.Outbox;
import dev.slipway.store.StoredDeployment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts the statuses that wait, one after another, in order for each deployment. Before a status is
 * posted again whose earlier post was not answered, GitHub is asked whether it has it.
 */
public final class Reporter {
  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(5);
  private static final Duration LONGEST_BREATHER = Duration.ofMinutes(1);
  private static final Duration ASK_AGAIN = Duration.ofHours(1);
  private static final int NOT_ALLOWED_TRIES = 24;
  private static final Duration NOT_ALLOWED_AGE = Duration.ofDays(1);

  private final Outbox outbox;
  private final Github github;
  private final Function<StoredDeployment, String> logUrl;
  private final InstantSource clock;
  private int failures;
  private volatile Outbox.@Nullable Outgoing inHand;

  /**
   * @param logUrl the address of a deployment's log page
   */
  public Reporter(
      Outbox outbox,
      Github github,
      Function<StoredDeployment, String> logUrl,
      InstantSource clock) {
    this.outbox = outbox;
    this.github = github;
    this.logUrl = logUrl;
    this.clock = clock;
  }

  /**
   * Deals with one status if one is due.
   *
   * @return whether there was one; if not, {@link #nextDue} says when to come again
   */
  public boolean reportOne() throws InterruptedException {
    if (!github.hasCredential()) {
      return false;
    }
    Optional<Outbox.Outgoing> next = outbox.next(clock.instant());
    if (next.isEmpty()) {
      return false;
    }
    inHand = next.get();
    try {
      report(next.get());
    } finally {
      inHand = null;
    }
    return true;
  }

  /** Tells the database that the status which is being posted has not been forgotten. */
  public void renewHold() {
    Outbox.Outgoing outgoing = inHand;
    if (outgoing != null) {
      outbox.renew(outgoing, clock.instant());
    }
  }

  /** When the next status can go out, if one waits and there is a credential. */
  public Optional<Instant> nextDue() {
    return github.hasCredential() ? outbox.nextDue(clock.instant()) : Optional.empty();
  }

  private void report(Outbox.Outgoing outgoing) throws InterruptedException {
    Repository repository = outgoing.deployment().deployment().repository();
    long githubId = Objects.requireNonNull(outgoing.deployment().deployment().githubId());
    Optional<Posted> posted =
        outgoing.doubt()
            ? lookFirst(outgoing, repository, githubId)
            : post(outgoing, repository, githubId);
    posted.ifPresent(answer -> note(outgoing, answer));
  }

  private Optional<Posted> lookFirst(Outbox.Outgoing outgoing, Repository repository, long githubId)
      throws InterruptedException {
    return switch (github.look(repository, githubId, outgoing.status(), outgoing.known())) {
      case Github.Lookup.There(long id) -> Optional.of(new Posted.Taken(id));
      case Github.Lookup.Absent() -> post(outgoing, repository, githubId);
      case Github.Lookup.NotAsked(Posted.Later later) ->
          Optional.of(new Posted.Later(later.reason(), later.again(), later.everything(), true));
      case Github.Lookup.NotAsked(Posted reason) -> Optional.of(reason);
    };
  }

  /** Posts, unless this process slept for so long that another may be doing it. */
  private Optional<Posted> post(Outbox.Outgoing outgoing, Repository repository, long githubId)
      throws InterruptedException {
    String link = logUrl.apply(outgoing.deployment());
    if (!outbox.mayPost(outgoing, clock.instant())) {
      LOG.info("Status of deployment {} is left for later", id(outgoing));
      return Optional.empty();
    }
    Posted posted = github.post(repository, githubId, outgoing.status(), link);
    if (posted instanceof Posted.Later later && !later.sent()) {
      outbox.notSent(outgoing);
    }
    return Optional.of(posted);
  }

  private void note(Outbox.Outgoing outgoing, Posted posted) {
    Instant now = clock.instant();
    failures = posted instanceof Posted.Later ? failures + 1 : 0;
    switch (posted) {
      case Posted.Taken(long id) -> outbox.posted(outgoing, id, now);
      case Posted.Later later -> {
        Duration wait = longer(later.again(), backOff(outgoing.tries()));
        outbox.pause(now.plus(later.everything() ? wait : breather()));
        outbox.later(outgoing, now.plus(wait), later.doubt(), later.reason());
        LOG.info("Status of deployment {} waits {}: {}", id(outgoing), wait, later.reason());
      }
      case Posted.NotAllowed(String reason) -> {
        if (isWorthAsking(outgoing, now)) {
          outbox.later(outgoing, now.plus(ASK_AGAIN), outgoing.doubt(), reason);
        } else {
          outbox.giveUp(outgoing, now, reason);
        }
        LOG.warn("Status of deployment {} is not allowed: {}", id(outgoing), reason);
      }
      case Posted.Never(String reason) -> {
        outbox.giveUp(outgoing, now, reason);
        LOG.warn("Status of deployment {} is given up: {}", id(outgoing), reason);
      }
    }
  }

  /** Tries count an outage too, and age counts days without a token: either alone says too much. */
  private static boolean isWorthAsking(Outbox.Outgoing outgoing, Instant now) {
    return outgoing.tries() < NOT_ALLOWED_TRIES
        || now.isBefore(outgoing.createdAt().plus(NOT_ALLOWED_AGE));
  }

  private static long id(Outbox.Outgoing outgoing) {
    return outgoing.deployment().id();
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /**
   * While one call after another fails, GitHub is away and not only one deployment in trouble: then
   * all wait a little, or everything that waits would be tried against a wall, and use up the pace.
   */
  private Duration breather() {
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
