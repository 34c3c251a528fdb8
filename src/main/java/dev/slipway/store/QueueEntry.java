package dev.slipway.store;

import dev.slipway.model.Deployment;

/**
 * A run that is to be added to a queue.
 *
 * @param id our number of the deployment
 * @param number of the run: 1 for its first
 */
public record QueueEntry(long id, int number, Deployment deployment) {}
