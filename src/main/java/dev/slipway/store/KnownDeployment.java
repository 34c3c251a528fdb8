package dev.slipway.store;

/** A deployment that is stored, and its last run. */
public record KnownDeployment(StoredDeployment deployment, StoredRun run) {}
