package dev.slipway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.secret.Secret;
import dev.slipway.settings.SettingValues.GivenValue;
import dev.slipway.settings.SettingValues.Surroundings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingValuesTest {
  private static final Setting<Integer> PORT =
      Setting.of("A_PORT", "a.port", SettingType.port(1), 22, "a port");
  private static final Setting<Integer> NEXT_PORT =
      Setting.computed(
          "A_NEXT_PORT",
          "a.next-port",
          SettingType.port(1),
          "the port behind it",
          others -> others.get(PORT) + 1,
          "another port");
  private static final Setting<Optional<Secret>> KEY =
      Setting.optional("A_KEY", "a.key", SettingType.secret(), "a key");
  private static final SettingCatalog CATALOG =
      new SettingCatalog(List.of(PORT, NEXT_PORT, KEY, PORT));

  private final SettingProblems problems = new SettingProblems();

  private SettingValues values(Map<Setting<?>, GivenValue> given) {
    return new SettingValues(CATALOG, given, new Surroundings(Map.of(), Path.of("")), problems);
  }

  @Test
  void what_is_not_set_has_its_default() {
    assertThat(values(Map.of()).get(PORT)).isEqualTo(22);
    assertThat(values(Map.of()).get(KEY)).isEmpty();
    assertThat(values(Map.of()).get(NEXT_PORT)).isEqualTo(23);
    assertThat(values(Map.of(PORT, new GivenValue("a.port", "80"))).get(NEXT_PORT)).isEqualTo(81);
    assertThat(problems.list()).isEmpty();
  }

  @Test
  void a_wrong_value_is_one_problem_and_the_default_stands_in_for_it() {
    SettingValues values = values(Map.of(PORT, new GivenValue("a.port", "many")));

    assertThat(values.get(PORT)).isEqualTo(22);
    assertThat(values.get(PORT)).isEqualTo(22);
    assertThat(problems.list())
        .containsExactly("a.port: \"many\" must be a port number from 1 to 65535");
  }

  @Test
  void what_a_target_has_of_its_own_counts_before_what_all_have() {
    SettingValues all = values(Map.of(PORT, new GivenValue("A_PORT", "80")));
    SettingValues own = all.with(Map.of(PORT, new GivenValue("chain[0].port", "81")));

    assertThat(own.get(PORT)).isEqualTo(81);
    assertThat(own.name(PORT)).isEqualTo("chain[0].port");
    assertThat(all.get(PORT)).isEqualTo(80);
    assertThat(all.only(Map.of()).get(PORT)).isEqualTo(22);
  }

  @Test
  void a_secret_that_was_read_is_to_be_hidden_and_a_missing_one_is_named() {
    SettingValues values = values(Map.of(KEY, new GivenValue("A_KEY", "hush-hush")));

    assertThat(values.get(KEY)).contains(new Secret("hush-hush"));
    assertThat(values.secrets()).containsExactly(new Secret("hush-hush"));
    assertThat(values(Map.of()).required(KEY, "A_PORT needs it")).isEmpty();
    assertThat(problems.list()).containsExactly("A_KEY: is not set, but A_PORT needs it");
  }

  @Test
  void a_setting_that_is_in_no_list_cannot_be_read() {
    Setting<Integer> forgotten =
        Setting.of("B_PORT", "b.port", SettingType.port(1), 1, "a forgotten port");

    assertThatThrownBy(() -> values(Map.of()).get(forgotten)).hasMessageContaining("B_PORT");
  }

  @Test
  void two_settings_cannot_share_a_variable_or_a_key() {
    Setting<Integer> same = Setting.of("B_PORT", "a.port", SettingType.port(1), 1, "another");

    assertThatThrownBy(() -> new SettingCatalog(List.of(PORT, same)))
        .hasMessageContaining("B_PORT is declared twice");
  }
}
