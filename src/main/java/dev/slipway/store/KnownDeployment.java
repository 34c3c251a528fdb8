package dev.slipway.store;

/** What is already known of a deployment. */
public record KnownDeployment(StoredDeployment deployment, StoredRun run) {}
