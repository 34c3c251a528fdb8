package dev.slipway.runlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastLinesTest {
  private static final String SECRET = "correct horse battery staple";

  private final LastLines lines = new LastLines(new Redactor(List.of(new Secret(SECRET))));

  private void output(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    lines.output(bytes, 0, bytes.length);
  }

  @Test
  void colours_hide_no_secret() {
    output("key correct \u001b[1mhorse\u001b[0m battery staple!\n");

    assertThat(lines.text()).isEqualTo("key ***!");
  }

  @Test
  void a_secret_that_comes_in_two_pieces_is_hidden() {
    output("key correct horse");
    output(" battery staple");

    assertThat(lines.text()).isEqualTo("key ***");
  }

  /** Wherever the beginning is left out, it must not be the half by which a secret is known. */
  @Test
  void what_is_left_out_leaves_no_half_of_a_secret() {
    for (int padding = 0; padding < 64; padding++) {
      LastLines many = new LastLines(new Redactor(List.of(new Secret(SECRET))));
      byte[] bytes =
          ("x".repeat(padding) + "\n" + (SECRET + "\n").repeat(2_000) + "end").getBytes(UTF_8);
      many.output(bytes, 0, bytes.length);

      assertThat(many.text()).endsWith("***\nend").doesNotContain("staple").doesNotContain("horse");
    }
  }

  @Test
  void the_beginning_of_a_long_output_is_left_out() {
    output("first\n" + "x".repeat(1_000).concat("\n").repeat(100) + "last\n");

    assertThat(lines.text()).doesNotContain("first").endsWith("x\nlast").hasSizeLessThan(33 * 1024);
  }

  @Test
  void a_line_of_ours_comes_behind_the_output_before_it() {
    output("half");
    lines.say("ours with " + SECRET);

    assertThat(lines.text()).isEqualTo("half\nours with ***");
  }
}
