package dev.slipway.page;

import dev.slipway.model.MissedDeliveries;
import dev.slipway.store.DeploymentQueries;
import java.util.Objects;

/** A fingerprint of the part of the page above the log; it changes when that part changes. */
final class Fingerprint {
  private Fingerprint() {}

  // Of texts, as the hash of an enum is another one in every process
  static String of(DeploymentQueries.DeploymentDetails details, MissedDeliveries silence) {
    return Integer.toHexString(
        Objects.hash(
            details.run().toString(),
            details.facts().toString(),
            details.statuses().toString(),
            silence.notice()));
  }
}
