package dev.slipway.model;

import java.time.Instant;

/**
 * One webhook POST, or what stands in for one.
 *
 * @param guid {@code X-GitHub-Delivery}
 * @param event {@code X-GitHub-Event}
 * @param source {@code webhook} or {@code api}
 * @param secret the name of the webhook secret that signed it; empty where none did
 * @param digest SHA-256 of the body in hex
 */
public record Delivery(
    String guid, String event, String source, String secret, String digest, Instant receivedAt) {}
