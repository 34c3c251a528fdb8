package dev.slipway.store;

/**
 * A ChatOps task that is carried out, named by the run that does it.
 *
 * @param deploymentId our number of the deployment whose task it is
 * @param run which of its runs; a redelivery is another one, and acts anew
 */
public record ChatOpsAct(long deploymentId, int run) {}
