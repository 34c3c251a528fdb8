package dev.slipway.reconcile;

import dev.slipway.github.Github;
import dev.slipway.github.GithubRateLimit;
import dev.slipway.github.ReadResult;
import dev.slipway.model.Repository;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Reads at GitHub within a share of the hourly limit: a tenth of it, and nothing while less than a
 * quarter is left, for statuses come first. An answer "unchanged" is free. Safe for use by many
 * threads.
 */
final class ReadBudget {
  private static final Duration WINDOW = Duration.ofHours(1);
  private static final int USUAL_LIMIT = 5_000;
  private static final int SHARE = 10;
  private static final int RESERVE = 4;

  private final Github github;
  private final InstantSource clock;
  private Instant opened = Instant.EPOCH;
  private int spent;

  ReadBudget(Github github, InstantSource clock) {
    this.github = github;
    this.clock = clock;
  }

  /** Reads something of a repository, unless the budget is spent. */
  ReadResult read(Repository repository, String path, Optional<String> etag)
      throws InterruptedException {
    return reserve() ? refundUnchanged(github.read(repository, path, etag)) : exhausted();
  }

  /** Reads the next page of a repository's list, unless the budget is spent. */
  ReadResult read(Repository repository, URI next) throws InterruptedException {
    return reserve() ? refundUnchanged(github.read(repository, next)) : exhausted();
  }

  /** Reads something of the GitHub App itself, unless the budget is spent. */
  ReadResult readAsApp(String path, Optional<String> etag) throws InterruptedException {
    return reserve() ? refundUnchanged(github.readAsApp(path, etag)) : exhausted();
  }

  /** Reads the next page of a list of the GitHub App, unless the budget is spent. */
  ReadResult readAsApp(URI next) throws InterruptedException {
    return reserve() ? refundUnchanged(github.readAsApp(next)) : exhausted();
  }

  /** Before the call, or several at once would go over it. */
  private synchronized boolean reserve() {
    boolean isLeft = !isSpent();
    spent += isLeft ? 1 : 0;
    return isLeft;
  }

  /**
   * Whether more than half is left. Failed deliveries are read from that half alone: the lists of
   * deployments, which show most of the same events, must not wait for them.
   */
  synchronized boolean isHalfLeft() {
    return !isSpent() && spent < Math.max(1, share() / 2);
  }

  private synchronized ReadResult refundUnchanged(ReadResult result) {
    if (result instanceof ReadResult.Unchanged) {
      spent--;
    }
    return result;
  }

  private synchronized boolean isSpent() {
    Instant now = clock.instant();
    if (!now.isBefore(opened.plus(WINDOW))) {
      opened = now;
      spent = 0;
    }
    Optional<GithubRateLimit> allowance = github.rateLimit();
    // The figure is of the last hour's end once that is over; one call tells the new one
    boolean isScarce =
        spent > 0 && allowance.filter(a -> (long) a.remaining() * RESERVE < a.limit()).isPresent();
    return isScarce || spent >= share();
  }

  private int share() {
    return Math.max(1, github.rateLimit().map(GithubRateLimit::limit).orElse(USUAL_LIMIT) / SHARE);
  }

  private static ReadResult exhausted() {
    return new ReadResult.RetryLater(
        "the share of GitHub's hourly limit for reconciling is spent", true);
  }
}
