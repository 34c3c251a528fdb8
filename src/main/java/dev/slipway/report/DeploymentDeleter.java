package dev.slipway.report;

import dev.slipway.github.DeleteResult;
import dev.slipway.github.Github;
import dev.slipway.model.Deployment;
import dev.slipway.store.GithubDeletions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes at a GitHub host the deployments of environments that were destroyed, once it has their
 * last status. Those of other hosts wait for nothing that happens there. To ask twice does no harm,
 * so nothing is written down before a call.
 */
public final class DeploymentDeleter {
  private static final Logger LOG = LoggerFactory.getLogger(DeploymentDeleter.class);
  private static final int AT_ONCE = 20;
  private static final int MOST_TRIES = 12;
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final GithubDeletions deletions;
  private final Github github;
  private final InstantSource clock;

  public DeploymentDeleter(GithubDeletions deletions, Github github, InstantSource clock) {
    this.deletions = deletions;
    this.github = github;
    this.clock = clock;
  }

  /** The host at which it deletes. */
  public String host() {
    return github.host();
  }

  /** Deletes some of those that are due; none without a credential, and then no try is counted. */
  public void deleteDue() throws InterruptedException {
    if (github.hasCredential()) {
      List<GithubDeletions.Deletion> due = deletions.due(host(), clock.instant(), AT_ONCE);
      for (GithubDeletions.Deletion deletion : due) {
        delete(deletion);
      }
    }
  }

  private void delete(GithubDeletions.Deletion deletion) throws InterruptedException {
    Deployment deployment = deletion.deployment().deployment();
    switch (github.delete(deployment.repository(), Objects.requireNonNull(deployment.githubId()))) {
      case DeleteResult.Gone() -> deletions.forget(deletion);
      case DeleteResult.NotNow(String reason) when deletion.tries() + 1 >= MOST_TRIES -> {
        LOG.warn(
            "Deployment {} of {} stays at GitHub: {}",
            deployment.githubId(),
            deployment.repository().fullName(),
            reason);
        deletions.forget(deletion);
      }
      case DeleteResult.NotNow(String reason) -> {
        Instant due = clock.instant().plus(wait(deletion.tries()));
        LOG.debug("Deployment {} is deleted later: {}", deployment.githubId(), reason);
        deletions.postpone(deletion, due);
      }
    }
  }

  /** Ten seconds, then twice as long each time. */
  static Duration wait(int tries) {
    Duration wait = Duration.ofSeconds(10L << Math.min(tries, 20));
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}
