package dev.slipway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTypeTest {
  private static <T> T value(SettingType<T> type, String text) {
    return switch (type.parse(text)) {
      case SettingType.Parsed.Value<T>(T value) -> value;
      case SettingType.Parsed.Problem<T>(String sentence) -> throw new AssertionError(sentence);
    };
  }

  private static <T> String problem(SettingType<T> type, String text) {
    return switch (type.parse(text)) {
      case SettingType.Parsed.Value<T>(T value) -> throw new AssertionError(value);
      case SettingType.Parsed.Problem<T>(String sentence) -> sentence;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"250ms", "90s", "60m", "24h", "90d", "1s"})
  void a_time_is_written_as_it_is_read(String text) {
    SettingType<Duration> type = SettingType.duration();

    assertThat(type.format(value(type, text))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"90 S, PT90S", "PT90S, PT90S", "1d, PT24H", "' 2h ', PT2H"})
  void a_time_may_be_written_in_several_ways(String text, Duration time) {
    assertThat(value(SettingType.duration(), text)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "soon", "5x", "-5m", "off"})
  void a_time_is_longer_than_none(String text) {
    assertThat(problem(SettingType.duration(), text)).contains("must be a time such as 90s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "OFF", "false", "0", "0s"})
  void what_can_be_switched_off_has_no_time_then(String text) {
    SettingType<Duration> type = SettingType.durationOrOff();

    assertThat(value(type, text)).isZero();
    assertThat(type.format(value(type, text))).isEqualTo("off");
  }

  @Test
  void a_list_leaves_out_what_is_empty() {
    assertThat(value(SettingType.list(), "a, b,,c ")).containsExactly("a", "b", "c");
    assertThat(SettingType.list().format(List.of("a", "b"))).isEqualTo("a,b");
  }

  @Test
  void one_of_several_words_is_named_with_all_of_them() {
    SettingType<String> type = SettingType.oneOf(List.of("latest", "all"), word -> word);

    assertThat(value(type, "all")).isEqualTo("all");
    assertThat(problem(type, "newest")).isEqualTo("\"newest\" must be one of latest, all");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy.example.com",
        "ftp://example.com",
        "https://user@example.com",
        "https://example.com?x=1",
        "https://example.com#x",
        "https://exa mple.com"
      })
  void an_address_to_build_on_is_complete_and_ends_with_its_path(String text) {
    assertThat(problem(SettingType.baseUrl("https://api.example.com"), text))
        .contains("must be an address such as https://api.example.com");
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.com, true",
    "https://example.com, false",
    "http://127.0.0.1:9, false",
    "http://localhost, false"
  })
  void an_address_that_others_can_listen_to_is_warned_of(String text, boolean warned) {
    var type = SettingType.baseUrl("https://api.example.com");

    assertThat(type.warning(value(type, text)).isPresent()).isEqualTo(warned);
  }

  @Test
  void a_value_outside_its_bound_is_not_shown() {
    assertThat(problem(SettingType.chosenSecret(), "hush")).doesNotContain("hush").contains("16");
    assertThat(problem(SettingType.token(), "hush ")).doesNotContain("hush").contains("blank");
    assertThat(SettingType.secret().format(value(SettingType.secret(), "hush")))
        .doesNotContain("hush");
  }

  @Test
  void what_may_be_left_out_is_written_as_nothing_then() {
    var type = SettingType.port(1).optional();

    assertThat(value(type, "22")).contains(22);
    assertThat(type.format(value(type, "22"))).isEqualTo("22");
    assertThat(type.format(Optional.empty())).isEmpty();
    assertThat(problem(type, "0")).contains("from 1 to 65535");
  }
}
