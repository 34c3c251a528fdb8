package dev.slipway.model;

import java.time.Instant;

/**
 * A line of the log that a provider itself writes about a deploy.
 *
 * @param at its time, by the provider's clock
 * @param text as it came; it is redacted and made safe before it is kept
 */
public record ProviderLine(Instant at, String text) {}
