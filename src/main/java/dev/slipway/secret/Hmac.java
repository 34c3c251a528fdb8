package dev.slipway.secret;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 with a {@link Secret} as its key. Any thread may use it. */
public final class Hmac {
  private static final String ALGORITHM = "HmacSHA256";

  private final Secret key;

  // Never given a message: its copies are, which need not look for a provider and read the key
  private final Mac keyed;

  public Hmac(Secret key) {
    this.key = key;
    this.keyed = keyed(key.bytes());
  }

  /** A computation of its own that takes its message piece by piece. */
  public Mac begin() {
    try {
      return (Mac) keyed.clone();
    } catch (CloneNotSupportedException e) {
      return keyed(key.bytes());
    }
  }

  /** The 32 bytes for a whole message. */
  public static byte[] of(Secret key, byte[] message) {
    return of(key.bytes(), message);
  }

  /** The same with a key that is no text. */
  public static byte[] of(byte[] key, byte[] message) {
    return keyed(key).doFinal(message);
  }

  private static Mac keyed(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
