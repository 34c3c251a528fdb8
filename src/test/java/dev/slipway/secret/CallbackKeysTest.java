package dev.slipway.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class CallbackKeysTest {
  private static final Secret SECRET = new Secret("the-secret-of-the-links");
  private static final CallbackKeys KEYS = new CallbackKeys(SECRET);

  @Test
  void a_key_is_half_of_an_hmac_with_a_purpose_of_its_own() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.bytes(), "HmacSHA256"));
    byte[] whole = mac.doFinal("callback/7-1-http-0".getBytes(StandardCharsets.UTF_8));

    assertThat(KEYS.of("7-1-http-0"))
        .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, 16)))
        .hasSize(22);
  }

  @Test
  void a_key_is_good_for_its_attempt_alone() {
    String key = KEYS.of("7-1-http-0");

    assertThat(KEYS.matches("7-1-http-0", key)).isTrue();
    assertThat(KEYS.matches("7-2-http-0", key)).isFalse();
    assertThat(KEYS.matches("7-1-http-0", key + "A")).isFalse();
    assertThat(KEYS.matches("7-1-http-0", "")).isFalse();
    assertThat(new CallbackKeys(new Secret("another")).matches("7-1-http-0", key)).isFalse();
  }

  @Test
  void a_key_of_the_former_secret_is_still_good() {
    CallbackKeys rotated = new CallbackKeys(new Secret("the next one"), SECRET);

    assertThat(rotated.matches("7-1-http-0", KEYS.of("7-1-http-0"))).isTrue();
    assertThat(rotated.of("7-1-http-0")).isNotEqualTo(KEYS.of("7-1-http-0"));
  }
}
