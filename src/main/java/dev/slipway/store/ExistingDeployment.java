package dev.slipway.store;

/** A deployment that is stored, and its last run. */
public record ExistingDeployment(StoredDeployment deployment, StoredRun run) {}
