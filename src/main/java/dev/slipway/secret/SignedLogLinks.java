package dev.slipway.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Makes and checks the links to log pages: {@code /deployments/ID/KEY}, where the key holds its
 * expiry, its generation, and 128 bits of an HMAC over the deployment's id and both. Every holder
 * of the link can read; a link cannot be guessed. A deployment's links are revoked by counting its
 * generation up.
 */
public final class SignedLogLinks {
  private static final int SIGNATURE_BYTES = 16;
  private static final int KEY_BYTES = Long.BYTES + Integer.BYTES + SIGNATURE_BYTES;

  private final List<Secret> secrets;

  /**
   * @param secret the key that signs links
   * @param former earlier keys: links that they signed still open their pages
   */
  public SignedLogLinks(Secret secret, Secret... former) {
    this(Stream.concat(Stream.of(secret), Stream.of(former)).toList());
  }

  private SignedLogLinks(List<Secret> secrets) {
    this.secrets = secrets;
  }

  /** There are no links: none is made, and none opens anything. */
  public static SignedLogLinks off() {
    return new SignedLogLinks(List.of());
  }

  /**
   * The path of a deployment's log page; the same for the same generation and expiry. Empty when
   * there are no links.
   */
  public Optional<String> path(long deploymentId, int generation, Instant expires) {
    return secrets.stream()
        .findFirst()
        .map(
            secret ->
                "/deployments/"
                    + deploymentId
                    + "/"
                    + key(secret, deploymentId, generation, expires));
  }

  /**
   * The generation of a key that was signed for this deployment and has not expired at {@code now};
   * it opens the page if the deployment has that generation still. Empty for every other key, so
   * that nothing need be read for one that was made up.
   */
  public OptionalInt generation(long deploymentId, String key, Instant now) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(key.getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return OptionalInt.empty();
    }
    if (bytes.length != KEY_BYTES) {
      return OptionalInt.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long seconds = buffer.getLong();
    int generation = buffer.getInt();
    try {
      Instant expires = Instant.ofEpochSecond(seconds);
      boolean isGood =
          now.isBefore(expires)
              && secrets.stream()
                  .anyMatch(
                      secret ->
                          MessageDigest.isEqual(
                              key(secret, deploymentId, generation, expires)
                                  .getBytes(StandardCharsets.UTF_8),
                              key.getBytes(StandardCharsets.UTF_8)));
      return isGood ? OptionalInt.of(generation) : OptionalInt.empty();
    } catch (DateTimeException outOfRange) {
      return OptionalInt.empty();
    }
  }

  private static String key(Secret secret, long deploymentId, int generation, Instant expires) {
    byte[] message =
        ("log-link/" + deploymentId + "/" + generation + "/" + expires.getEpochSecond())
            .getBytes(StandardCharsets.UTF_8);
    byte[] signature = Arrays.copyOf(Hmac.of(secret, message), SIGNATURE_BYTES);
    byte[] key =
        ByteBuffer.allocate(KEY_BYTES)
            .putLong(expires.getEpochSecond())
            .putInt(generation)
            .put(signature)
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
  }
}
