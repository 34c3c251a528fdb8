package dev.slipway.page;

import dev.slipway.store.Deployments;
import dev.slipway.store.Silence;
import java.util.Objects;

/** Tells a page whether what it shows above the log is still so. */
final class Fingerprint {
  private Fingerprint() {}

  // Of texts, as the hash of an enum is another one in every process
  static String of(Deployments.Dossier dossier, Silence silence) {
    return Integer.toHexString(
        Objects.hash(
            dossier.run().toString(),
            dossier.facts().toString(),
            dossier.statuses().toString(),
            silence.sentence()));
  }
}
