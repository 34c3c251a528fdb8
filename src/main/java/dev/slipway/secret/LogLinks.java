package dev.slipway.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/**
 * Makes and checks the links to log pages: {@code /deployments/ID/KEY}, where the key holds its
 * expiry and 128 bits of an HMAC over the deployment's id and that expiry. Whoever has the link can
 * read; nobody can guess one.
 */
public final class LogLinks {
  private static final int SIGNATURE_BYTES = 16;

  private final Secret secret;

  public LogLinks(Secret secret) {
    this.secret = secret;
  }

  /** The path of a deployment's log page; the same for the same expiry. */
  public String path(long deploymentId, Instant expires) {
    return "/deployments/" + deploymentId + "/" + key(deploymentId, expires);
  }

  /** Whether the key opens this deployment's page at {@code now}. */
  public boolean opens(long deploymentId, String key, Instant now) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(key.getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
    if (bytes.length != Long.BYTES + SIGNATURE_BYTES) {
      return false;
    }
    long seconds = ByteBuffer.wrap(bytes).getLong();
    try {
      Instant expires = Instant.ofEpochSecond(seconds);
      return MessageDigest.isEqual(
              key(deploymentId, expires).getBytes(StandardCharsets.UTF_8),
              key.getBytes(StandardCharsets.UTF_8))
          && now.isBefore(expires);
    } catch (DateTimeException outOfRange) {
      return false;
    }
  }

  private String key(long deploymentId, Instant expires) {
    byte[] message =
        ("log-link/" + deploymentId + "/" + expires.getEpochSecond())
            .getBytes(StandardCharsets.UTF_8);
    byte[] signature = Arrays.copyOf(Hmac.of(secret, message), SIGNATURE_BYTES);
    byte[] key =
        ByteBuffer.allocate(Long.BYTES + SIGNATURE_BYTES)
            .putLong(expires.getEpochSecond())
            .put(signature)
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
  }
}
