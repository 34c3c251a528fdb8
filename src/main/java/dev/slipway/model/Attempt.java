package dev.slipway.model;

import java.time.Instant;

/**
 * One target's turn within a run: what a target is handed.
 *
 * @param deploymentId our own number of the deployment, the one in {@code log_url}
 * @param run 1 for the first run of the deployment, 2 after a retry, and so on
 * @param since when the intent to start this target was written down; nothing that a provider
 *     created before it is ours
 */
public record Attempt(
    Deployment deployment, long deploymentId, int run, String target, Instant since) {}
