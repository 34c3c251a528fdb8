package dev.slipway.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes and checks the keys of callbacks: 128 bits of an HMAC over the id of the attempt. The
 * holder of a key got it with the attempt, and may answer for that attempt alone.
 */
public final class CallbackKeys {
  private static final int KEY_BYTES = 16;

  private final Secret secret;
  private final List<Secret> accepted;

  /**
   * @param secret the secret that keys are made with
   * @param former earlier secrets: keys that were made with them are still accepted
   */
  public CallbackKeys(Secret secret, Secret... former) {
    this.secret = secret;
    this.accepted = Stream.concat(Stream.of(secret), Stream.of(former)).toList();
  }

  /** The key of an attempt; the same each time. */
  public String of(String attempt) {
    return key(secret, attempt);
  }

  /** Whether this is the key of the attempt; takes the same time for each guess. */
  public boolean matches(String attempt, String key) {
    return accepted.stream()
        .anyMatch(
            one ->
                MessageDigest.isEqual(
                    key(one, attempt).getBytes(StandardCharsets.UTF_8),
                    key.getBytes(StandardCharsets.UTF_8)));
  }

  // No link to a log page is signed for a text that begins so
  private static String key(Secret secret, String attempt) {
    byte[] message = ("callback/" + attempt).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(Hmac.of(secret, message), KEY_BYTES));
  }
}
