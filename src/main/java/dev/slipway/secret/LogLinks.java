package dev.slipway.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes and checks the links to log pages: {@code /deployments/ID/KEY}, where the key holds its
 * expiry and 128 bits of an HMAC over the deployment's id and that expiry. Whoever has the link can
 * read; nobody can guess one.
 */
public final class LogLinks {
  private static final int SIGNATURE_BYTES = 16;

  private final List<Secret> secrets;

  /**
   * @param secret what links are signed with
   * @param former what they were signed with before: such links still open their pages
   */
  public LogLinks(Secret secret, Secret... former) {
    this.secrets = Stream.concat(Stream.of(secret), Stream.of(former)).toList();
  }

  /** The path of a deployment's log page; the same for the same expiry. */
  public String path(long deploymentId, Instant expires) {
    return "/deployments/" + deploymentId + "/" + key(secrets.getFirst(), deploymentId, expires);
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
      return now.isBefore(expires)
          && secrets.stream()
              .anyMatch(
                  secret ->
                      MessageDigest.isEqual(
                          key(secret, deploymentId, expires).getBytes(StandardCharsets.UTF_8),
                          key.getBytes(StandardCharsets.UTF_8)));
    } catch (DateTimeException outOfRange) {
      return false;
    }
  }

  private static String key(Secret secret, long deploymentId, Instant expires) {
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
