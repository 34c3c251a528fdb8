package dev.slipway.webhook;

import dev.slipway.secret.Secret;

/**
 * A webhook secret under the name by which operators know it.
 *
 * @param name {@code current}, {@code previous}, or as the settings file calls it
 * @param host the GitHub host that has it: whoever signs with it speaks for that host alone
 */
public record NamedSecret(String name, Secret secret, String host) {}
