package dev.slipway.report;

import dev.slipway.github.DeleteResult;
import dev.slipway.github.Github;
import dev.slipway.github.GithubHosts;
import dev.slipway.model.Deployment;
import dev.slipway.store.GithubDeletions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes at GitHub the deployments of environments that were destroyed, once GitHub has their last
 * status. To ask twice does no harm, so nothing is written down before a call.
 */
public final class DeploymentDeleter {
  private static final Logger LOG = LoggerFactory.getLogger(DeploymentDeleter.class);
  private static final int AT_ONCE = 20;
  private static final int MOST_TRIES = 12;
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final GithubDeletions deletions;
  private final GithubHosts githubHosts;
  private final InstantSource clock;

  public DeploymentDeleter(
      GithubDeletions deletions, GithubHosts githubHosts, InstantSource clock) {
    this.deletions = deletions;
    this.githubHosts = githubHosts;
    this.clock = clock;
  }

  /** Deletes some of those that are due. */
  public void deleteDue() throws InterruptedException {
    if (githubHosts.all().stream().anyMatch(Github::hasCredential)) {
      List<GithubDeletions.Deletion> due = deletions.due(clock.instant(), AT_ONCE);
      for (GithubDeletions.Deletion deletion : due) {
        delete(deletion);
      }
    }
  }

  private void delete(GithubDeletions.Deletion deletion) throws InterruptedException {
    Deployment deployment = deletion.deployment().deployment();
    switch (ask(deployment)) {
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

  private DeleteResult ask(Deployment deployment) throws InterruptedException {
    String host = deployment.repository().host();
    Optional<Github> github = githubHosts.find(host).filter(Github::hasCredential);
    return github.isPresent()
        ? github
            .get()
            .delete(deployment.repository(), Objects.requireNonNull(deployment.githubId()))
        : new DeleteResult.NotNow("there is no credential for " + host);
  }

  /** Ten seconds, then twice as long each time. */
  static Duration wait(int tries) {
    Duration wait = Duration.ofSeconds(10L << Math.min(tries, 20));
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}
