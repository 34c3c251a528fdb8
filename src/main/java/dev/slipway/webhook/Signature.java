package dev.slipway.webhook;

import dev.slipway.secret.Hmac;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * The HMAC-SHA256 of a body that arrives piece by piece, under every secret that is valid now. Does
 * not need the body in memory, and compares in constant time.
 */
final class Signature {
  private static final String PREFIX = "sha256=";
  private static final int LENGTH = PREFIX.length() + 64;

  /** The secrets that are valid now, ready for any number of bodies. */
  static final class Keys {
    private record Key(String name, Hmac hmac) {}

    private final List<Key> keys;

    Keys(List<NamedSecret> secrets) {
      this.keys =
          secrets.stream()
              .map(secret -> new Key(secret.name(), new Hmac(secret.secret())))
              .toList();
    }

    int count() {
      return keys.size();
    }
  }

  private record Keyed(String name, Mac mac) {}

  private final List<Keyed> macs;

  Signature(Keys keys) {
    this.macs = keys.keys.stream().map(key -> new Keyed(key.name(), key.hmac().begin())).toList();
  }

  /** Whether a header's value looks like GitHub's at all. */
  static boolean isWellFormed(String header) {
    if (header.length() != LENGTH || !header.startsWith(PREFIX)) {
      return false;
    }
    for (int at = PREFIX.length(); at < LENGTH; at++) {
      if (!isLowerCaseHexDigit(header.charAt(at))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLowerCaseHexDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  void update(byte[] bytes, int offset, int length) {
    macs.forEach(keyed -> keyed.mac().update(bytes, offset, length));
  }

  /** The name of the secret that made this header for all the bytes so far. */
  Optional<String> signer(String header) {
    byte[] claimed = HexFormat.of().parseHex(header, PREFIX.length(), LENGTH);
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
