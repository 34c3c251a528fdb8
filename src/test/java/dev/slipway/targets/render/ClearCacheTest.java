package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClearCacheTest {
  @ParameterizedTest
  @CsvSource({"true, clear", "clear, clear", "false, do_not_clear", "do_not_clear, do_not_clear"})
  void both_spellings_become_the_word_of_the_api(String text, String word) {
    assertThat(ClearCache.parse(text).map(ClearCache::code)).contains(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "TRUE", "1", " clear"})
  void anything_else_is_no_default(String text) {
    assertThat(ClearCache.parse(text)).isEmpty();
  }
}
