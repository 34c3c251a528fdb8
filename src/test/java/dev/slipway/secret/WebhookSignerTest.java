package dev.slipway.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class WebhookSignerTest {
  @Test
  void a_signature_is_that_of_the_example_of_standard_webhooks() {
    WebhookSigner signer = new WebhookSigner(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

    assertThat(
            signer.signature(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1614265330),
                "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void a_secret_with_the_prefix_has_to_be_base64() {
    assertThat(WebhookSigner.isUsable(new Secret("any other text, as it is"))).isTrue();
    assertThat(WebhookSigner.isUsable(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
        .isTrue();
    assertThat(WebhookSigner.isUsable(new Secret("whsec_no base64 at all"))).isFalse();
    assertThat(WebhookSigner.isUsable(new Secret("whsec_"))).isFalse();
  }
}
