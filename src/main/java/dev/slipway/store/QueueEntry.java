package dev.slipway.store;

import dev.slipway.model.Deployment;
import dev.slipway.model.RunPurpose;

/**
 * A run that is to be added to a queue.
 *
 * @param deploymentId our number of the deployment
 * @param runNumber of the run: 1 for its first
 */
public record QueueEntry(
    long deploymentId, int runNumber, Deployment deployment, RunPurpose purpose) {
  /** A run that deploys. */
  public QueueEntry(long deploymentId, int runNumber, Deployment deployment) {
    this(deploymentId, runNumber, deployment, RunPurpose.DEPLOY);
  }
}
