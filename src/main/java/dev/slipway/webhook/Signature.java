package dev.slipway.webhook;

import dev.slipway.secret.Hmac;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;

/**
 * The HMAC-SHA256 of a body that arrives piece by piece, under every secret that is valid now. Does
 * not need the body in memory, and compares in constant time.
 */
final class Signature {
  private static final Pattern FORM = Pattern.compile("sha256=[0-9a-f]{64}");

  private record Keyed(String name, Mac mac) {}

  private final List<Keyed> macs;

  Signature(List<NamedSecret> secrets) {
    this.macs =
        secrets.stream()
            .map(secret -> new Keyed(secret.name(), Hmac.keyed(secret.secret())))
            .toList();
  }

  /** Whether a header's value looks like GitHub's at all. */
  static boolean isWellFormed(String header) {
    return FORM.matcher(header).matches();
  }

  void update(byte[] bytes, int offset, int length) {
    macs.forEach(keyed -> keyed.mac().update(bytes, offset, length));
  }

  /** The name of the secret that made this header for all the bytes so far. */
  Optional<String> signer(String header) {
    byte[] claimed = HexFormat.of().parseHex(header.substring("sha256=".length()));
    Optional<String> signer = Optional.empty();
    // No early way out: the time must not tell which secret it was
    for (Keyed keyed : macs) {
      if (MessageDigest.isEqual(keyed.mac().doFinal(), claimed)) {
        signer = Optional.of(keyed.name());
      }
    }
    return signer;
  }
}
