package dev.slipway.model;

import java.time.Instant;

/**
 * One webhook POST, or what stands in for one.
 *
 * @param guid {@code X-GitHub-Delivery}
 * @param event {@code X-GitHub-Event}
 * @param secret the name of the webhook secret that signed it; empty where none did
 * @param digest SHA-256 of the body in hex
 * @param hook {@code X-GitHub-Hook-ID}: all hooks that tell of one event do so with one GUID. Empty
 *     where no hook is named
 */
public record Delivery(
    String guid,
    String event,
    DeliverySource source,
    String secret,
    String digest,
    Instant receivedAt,
    String hook) {
  /** One of which no hook is known. */
  public Delivery(
      String guid,
      String event,
      DeliverySource source,
      String secret,
      String digest,
      Instant receivedAt) {
    this(guid, event, source, secret, digest, receivedAt, "");
  }
}
