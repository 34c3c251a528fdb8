package dev.slipway.model;

import org.jspecify.annotations.Nullable;

/**
 * A target's place in a chain, with the limits of its attempt.
 *
 * @param here where its commands run when this process starts them; null when its deploys can be
 *     seen from everywhere
 * @param destination what it would deploy to now: a service, an application, a server; never the
 *     same for two of them. Null when the configuration has lost the target
 */
public record ChainEntry(
    String target,
    AttemptLimits limits,
    @Nullable CommandHost here,
    @Nullable String destination) {}
