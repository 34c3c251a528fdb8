package dev.slipway.targets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.http.Reply;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a provider answers, in words that may be kept. */
class ProviderMessagesTest {
  private static final ProviderMessages MESSAGES =
      new ProviderMessages(
          "Acme", List.of("hush"), new Redactor(List.of(new Secret("hunter22-and-more"))));

  @Test
  void a_message_is_one_line_of_limited_length_without_the_secrets_of_the_call() {
    assertThat(MESSAGES.clean("no\n\u0000hush\u2028now ")).isEqualTo("no *** now");
    assertThat(MESSAGES.clean("x".repeat(400))).isEqualTo("x".repeat(299) + "…");
  }

  @Test
  void a_secret_of_somebody_else_is_taken_out_before_a_message_is_cut() {
    String text = "x".repeat(290) + "hunter22-and-more";

    assertThat(MESSAGES.clean(text)).isEqualTo("x".repeat(290) + "***");
    assertThat(MESSAGES.of(new Reply.Answered(400, Map.of(), "{\"message\":\"" + text + "\"}")))
        .isEqualTo("Acme answered 400: " + "x".repeat(290) + "***");
    assertThat(MESSAGES.of(new Reply.NotSent(text, true)))
        .isEqualTo("Acme was not reached: " + "x".repeat(290) + "***");
  }
}
