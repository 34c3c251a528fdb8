package dev.slipway.webhook;

import dev.slipway.secret.Hmac;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * Verifies GitHub's HMAC-SHA256 of a body, under every secret that is valid now and in constant
 * time.
 */
final class SignatureVerifier {
  private static final String PREFIX = "sha256=";
  private static final int LENGTH = PREFIX.length() + 64;

  private record Key(NamedSecret secret, Hmac hmac) {}

  private final List<Key> keys;

  SignatureVerifier(List<NamedSecret> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("without a secret everybody could deploy");
    }
    this.keys = secrets.stream().map(secret -> new Key(secret, new Hmac(secret.secret()))).toList();
  }

  /** The number of secrets: each one hashes the whole body. */
  int secrets() {
    return keys.size();
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

  /**
   * The secret that made a well-formed header for a body; empty if none did.
   *
   * @param body in pieces
   */
  Optional<NamedSecret> signer(List<ByteBuffer> body, String header) {
    byte[] claimed = HexFormat.of().parseHex(header, PREFIX.length(), LENGTH);
    Optional<NamedSecret> signer = Optional.empty();
    // No early way out: the time must not tell which secret it was
    for (Key key : keys) {
      Mac mac = key.hmac().begin();
      body.forEach(piece -> mac.update(piece.duplicate()));
      if (MessageDigest.isEqual(mac.doFinal(), claimed)) {
        signer = Optional.of(key.secret());
      }
    }
    return signer;
  }
}
