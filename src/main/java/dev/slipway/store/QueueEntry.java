package dev.slipway.store;

import dev.slipway.model.Deployment;

/**
 * A run that is to be added to a queue.
 *
 * @param deploymentId our number of the deployment
 * @param runNumber of the run: 1 for its first
 */
public record QueueEntry(long deploymentId, int runNumber, Deployment deployment) {}
