package dev.slipway.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a receiver answers, as it is kept. */
class ProblemTextTest {
  private static final Redactor REDACTOR = new Redactor(List.of(new Secret("hunter22-and-more")));

  private static String shown(String text) {
    return ProblemText.shown(text, REDACTOR);
  }

  @Test
  void a_text_is_one_line_of_limited_length() {
    assertThat(shown("a\r\n\u2028b\u0000")).isEqualTo("a b");
    assertThat(shown("😀".repeat(5000))).isEqualTo("😀".repeat(299) + "…");
  }

  @Test
  void no_part_of_a_secret_is_left_at_the_end_of_what_is_looked_at() {
    assertThat(shown("No." + " ".repeat(3990) + "hunter22-and-more")).isEqualTo("No. ***");
  }
}
