package dev.slipway.reconcile;

import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * An event that was read at a GitHub host, in the form in which it would have been delivered.
 *
 * @param host where it was read
 * @param hook the number of the webhook that failed to deliver it; empty where none is known
 */
record RecoveredEvent(String host, String guid, DeliverySource source, String hook, String json) {
  /** The GUID of a deployment that was found in a host's list. */
  static String guid(String host, long githubId) {
    return "reconcile-" + host + "-" + githubId;
  }

  byte[] bytes() {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  /** The delivery that it stands for; no secret signed it, for we fetched it ourselves. */
  Delivery delivery(Instant now) {
    return new Delivery(guid, "deployment", source, "", Digest.of(bytes()), now, hook, host);
  }
}
