package dev.slipway.model;

import java.time.Instant;

/**
 * A webhook POST, or a deployment from the API or the reconciler in the same form.
 *
 * @param guid {@code X-GitHub-Delivery}
 * @param event {@code X-GitHub-Event}
 * @param secret the name of the webhook secret that signed it; empty where none did
 * @param digest SHA-256 of the body in hex
 * @param hook {@code X-GitHub-Hook-ID}: all hooks deliver one event with the same GUID. Empty when
 *     there is none
 * @param host the GitHub host that delivered it or was asked; empty for an order of the API
 */
public record Delivery(
    String guid,
    String event,
    DeliverySource source,
    String secret,
    String digest,
    Instant receivedAt,
    String hook,
    String host) {
  /** What stands in for a delivery and comes from no host. */
  public Delivery(
      String guid,
      String event,
      DeliverySource source,
      String secret,
      String digest,
      Instant receivedAt) {
    this(guid, event, source, secret, digest, receivedAt, "", "");
  }
}
