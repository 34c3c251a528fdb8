package dev.slipway.targets.http;

import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.Secret;
import java.net.URI;

/**
 * Settings of a receiver.
 *
 * @param url where requests are posted
 * @param secret what they are signed with
 */
public record HttpConfig(URI url, Secret secret, AttemptLimits limits) {}
