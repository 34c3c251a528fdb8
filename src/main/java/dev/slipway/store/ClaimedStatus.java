package dev.slipway.store;

import dev.slipway.model.Status;
import java.time.Instant;
import java.util.List;

/**
 * A status that a poster has claimed, to post it now.
 *
 * @param fence of this claim, as the row has it: whoever claims the status later gets a higher one,
 *     and then writes of this claim change nothing
 * @param autoInactive the deployment takes the place of earlier ones of its environment, once it
 *     has succeeded: it is no part of one, and no task of ChatOps
 * @param inDoubt GitHub may have it already: an earlier post was not answered
 * @param githubIds GitHub's numbers of this deployment's statuses that are known to be ours
 */
public record ClaimedStatus(
    long id,
    StoredDeployment deployment,
    Status status,
    Instant createdAt,
    int fence,
    boolean autoInactive,
    boolean inDoubt,
    List<Long> githubIds) {
  /** How often the status was claimed before. */
  public int earlierClaims() {
    return fence - 1;
  }

  ClaimedStatus withFence(int next) {
    return new ClaimedStatus(
        id, deployment, status, createdAt, next, autoInactive, inDoubt, githubIds);
  }
}
