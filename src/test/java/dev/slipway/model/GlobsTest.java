package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobsTest {
  @ParameterizedTest
  @CsvSource({
    "*, anything, true",
    "*, '', true",
    "main, main, true",
    "main, mainly, false",
    "main, Main, false",
    "release/*, release/1.2, true",
    "release/*, release, false",
    "*-eu, production-eu, true",
    "a*a, a, false",
    "a*a, aa, true",
    "a*b*c, abc, true",
    "a*b*c, axxbxxc, true",
    "a*b*c, acb, false",
    "a*bc*c, abc, false",
    "a**c, abc, true",
    "a.c, abc, false",
    "a*c, 'a\nc', true",
  })
  void a_star_stands_for_any_text(String pattern, String text, boolean taken) {
    assertThat(new Globs(List.of(pattern), false).take(text)).isEqualTo(taken);
  }

  @Test
  void case_counts_only_where_it_is_wanted() {
    assertThat(new Globs(List.of("Acme/*"), true).take("acme/WEB")).isTrue();
    assertThat(new Globs(List.of("Acme/*"), false).take("acme/WEB")).isFalse();
  }

  @Test
  void no_patterns_take_everything_and_one_of_several_is_enough() {
    assertThat(new Globs(List.of(), true).take("x")).isTrue();
    assertThat(new Globs(List.of("y", "x"), true).take("x")).isTrue();
    assertThat(new Globs(List.of("y", "z"), true).take("x")).isFalse();
  }
}
