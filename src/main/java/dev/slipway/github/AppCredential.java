package dev.slipway.github;

import dev.slipway.http.JsonCodec;
import dev.slipway.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A GitHub App to act as.
 *
 * @param issuer its client id or app id
 * @param installation the one installation that is used; null for that of each repository
 */
public record AppCredential(String issuer, AppPrivateKey key, @Nullable Long installation) {
  private static final Duration BACKDATED = Duration.ofSeconds(60);

  /** Together with what it is backdated by, the ten minutes that GitHub allows. */
  private static final Duration LIFE = Duration.ofMinutes(9);

  /** The token that says that a call is the App's own, and not one of its installations'. */
  Secret jwt(Instant now) {
    String claims =
        JsonCodec.object()
            .put("iat", now.minus(BACKDATED).getEpochSecond())
            .put("exp", now.plus(LIFE).getEpochSecond())
            .put("iss", issuer)
            .toString();
    String signed =
        base64(JsonCodec.object().put("alg", "RS256").put("typ", "JWT").toString())
            + "."
            + base64(claims);
    return new Secret(signed + "." + base64(key.sign(signed)));
  }

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
