package dev.slipway.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/** Signs requests as Standard Webhooks prescribes. */
public final class WebhookSigner {
  /** What follows it is the key in base64; any other secret is the key itself. */
  private static final String ENCODED = "whsec_";

  private final byte[] key;

  /**
   * @throws IllegalArgumentException if the secret is not {@link #isUsable}
   */
  public WebhookSigner(Secret secret) {
    String text = secret.reveal();
    this.key =
        text.startsWith(ENCODED)
            ? Base64.getDecoder().decode(text.substring(ENCODED.length()))
            : secret.bytes();
  }

  /** Whether requests can be signed with this secret. */
  public static boolean isUsable(Secret secret) {
    try {
      return new WebhookSigner(secret).key.length > 0;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  /** The value of {@code webhook-signature}. */
  public String signature(String id, Instant at, String body) {
    byte[] message =
        "%s.%d.%s".formatted(id, at.getEpochSecond(), body).getBytes(StandardCharsets.UTF_8);
    return "v1," + Base64.getEncoder().encodeToString(Hmac.of(key, message));
  }

  /**
   * Whether one of the signatures in a header is that of the request; compares in constant time.
   *
   * @param signatures with blanks between them
   */
  public boolean matches(String signatures, String id, Instant at, String body) {
    byte[] expected = signature(id, at, body).getBytes(StandardCharsets.UTF_8);
    boolean isAny = false;
    for (String one : signatures.split(" ", -1)) {
      isAny |= MessageDigest.isEqual(expected, one.getBytes(StandardCharsets.UTF_8));
    }
    return isAny;
  }

  /** The three headers of a request; the id stays the same when it is sent again. */
  public static Map<String, String> headers(String id, Instant at, String signature) {
    return Map.of(
        "webhook-id", id,
        "webhook-timestamp", Long.toString(at.getEpochSecond()),
        "webhook-signature", signature);
  }

  @Override
  public String toString() {
    return "WebhookSigner[***]";
  }
}
