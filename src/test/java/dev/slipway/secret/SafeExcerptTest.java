package dev.slipway.secret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeExcerptTest {
  @Test
  void at_most_six_characters_are_shown() {
    assertThat(SafeExcerpt.of("eighty")).isEqualTo("\"eighty\"");
    assertThat(SafeExcerpt.of("deploy.example.com")).isEqualTo("\"deploy…\"");
    assertThat(SafeExcerpt.of("a\nb")).isEqualTo("\"a?b\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qov_x",
        "Token qov_0123",
        "ghp_abcdef",
        "rnd_abc",
        "https://user:password@host/",
        "https://x/?key=abc",
        "wJalrXUtnFEMI7MDENGbPxRfiCY",
        "0123456789abcdef0123456789abcdef"
      })
  void nothing_of_what_looks_like_a_token_is_shown(String value) {
    assertThat(SafeExcerpt.of(value)).isEqualTo("a value of " + value.length() + " characters");
    assertThat(SafeExcerpt.ofName(value)).doesNotContain(value);
  }

  @Test
  void names_and_places_are_shown_whole() {
    assertThat(SafeExcerpt.ofName("AWS_SECRET_ACCESS_KEY_2")).isEqualTo("AWS_SECRET_ACCESS_KEY_2");
    assertThat(SafeExcerpt.ofName("render.servce-id")).isEqualTo("render.servce-id");
    assertThat(SafeExcerpt.ofPath("/run/secrets/github-token-7f3a9c01d2"))
        .isEqualTo("/run/secrets/github-token-7f3a9c01d2");
    assertThat(SafeExcerpt.ofPath("ghp_0123456789abcdef")).doesNotContain("0123");
  }
}
