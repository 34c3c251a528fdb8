package dev.slipway.targets.http;

import dev.slipway.http.Call;
import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** Signs requests as Standard Webhooks prescribes. */
final class WebhookSigner {
  /** What follows it is the key in base64; any other secret is the key itself. */
  private static final String ENCODED = "whsec_";

  private final byte[] key;

  /**
   * @throws IllegalArgumentException if the secret is not {@link #isUsable}
   */
  WebhookSigner(Secret secret) {
    String text = secret.reveal();
    this.key =
        text.startsWith(ENCODED)
            ? Base64.getDecoder().decode(text.substring(ENCODED.length()))
            : secret.bytes();
  }

  /** Whether requests can be signed with this secret. */
  static boolean isUsable(Secret secret) {
    try {
      return new WebhookSigner(secret).key.length > 0;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  /** The value of {@code webhook-signature}. */
  String signature(String id, Instant at, String body) {
    byte[] message =
        "%s.%d.%s".formatted(id, at.getEpochSecond(), body).getBytes(StandardCharsets.UTF_8);
    return "v1," + Base64.getEncoder().encodeToString(Hmac.of(key, message));
  }

  /** The call with the three headers; the id stays the same when it is sent again. */
  static Call signed(Call call, String id, Instant at, String signature) {
    return call.with("webhook-id", id)
        .with("webhook-timestamp", Long.toString(at.getEpochSecond()))
        .with("webhook-signature", signature);
  }

  @Override
  public String toString() {
    return "WebhookSigner[***]";
  }
}
