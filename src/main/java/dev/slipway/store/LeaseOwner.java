package dev.slipway.store;

import org.jspecify.annotations.Nullable;

/**
 * A worker that leases runs.
 *
 * @param name names the worker in the database
 * @param host where the commands are that it can see; null when it sees none
 */
public record LeaseOwner(String name, @Nullable String host) {}
