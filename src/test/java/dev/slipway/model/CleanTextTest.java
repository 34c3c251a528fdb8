package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleanTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "\r\n",
        "\t",
        "\u0000",
        "\u001b",
        "\u007f",
        "\u0085",
        "\u009b",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\n\u202d \n"
      })
  void what_would_change_the_text_around_it_becomes_a_blank(String character) {
    assertThat(CleanText.line("locked" + character + "by ann" + character))
        .isEqualTo("locked by ann");
    assertThat(Status.shorten("a" + character + "b")).isEqualTo("a b");
    assertThat(LogFormat.ownLine(Instant.EPOCH, "a" + character + "b"))
        .isEqualTo("1970-01-01T00:00:00.000Z ▸ a b\n");
  }

  @Test
  void letters_and_signs_of_all_languages_stay() {
    String text = "Zürich – שלום 中文 👩\u200d💻 e\u0301";
    assertThat(CleanText.line(text)).isEqualTo(text);
  }

  @Test
  void a_text_is_cut_between_characters() {
    assertThat(CleanText.cut("abcd", 4)).isEqualTo("abcd");
    assertThat(CleanText.cut("abcde", 4)).isEqualTo("abc…");
    assertThat(CleanText.cut("👩💻👩💻", 4)).isEqualTo("👩💻👩💻");
    assertThat(CleanText.cut("👩💻👩💻👩", 4)).isEqualTo("👩💻👩…");
    assertThat(CleanText.cut("in two", 4)).isEqualTo("in…");
  }
}
