package dev.slipway.target.qovery;

import dev.slipway.secret.Secret;
import java.net.URI;

/**
 * How Qovery is reached.
 *
 * @param scheme how the token is sent: {@code Token} for API tokens, {@code Bearer} for JWTs
 */
public record QoveryAccount(URI apiUrl, Secret token, String scheme) {}
