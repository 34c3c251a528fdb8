package dev.slipway.api;

import dev.slipway.secret.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Who may call the API.
 *
 * @param token what callers send as bearer token; null closes the API
 */
public record ApiAccess(@Nullable Secret token) {}
