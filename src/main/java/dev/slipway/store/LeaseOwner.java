package dev.slipway.store;

import org.jspecify.annotations.Nullable;

/**
 * Who takes runs.
 *
 * @param owner names the worker in the database
 * @param place where the commands are that it can see; null when it sees none
 */
public record LeaseOwner(String owner, @Nullable String place) {}
