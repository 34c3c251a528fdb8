package dev.slipway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.github.GithubSettingNames;
import dev.slipway.settings.Setting;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Advice names settings that exist. */
class GithubSettingNamesTest {
  private static final Map<Setting<?>, Function<GithubSettingNames, String>> NAMES =
      Map.of(
          GithubSettings.TOKEN,
          GithubSettingNames::token,
          GithubSettings.APP_ID,
          GithubSettingNames::appId,
          GithubSettings.APP_PRIVATE_KEY,
          GithubSettingNames::appPrivateKey,
          GithubSettings.APP_INSTALLATION_ID,
          GithubSettingNames::appInstallationId,
          GithubSettings.API_URL,
          GithubSettingNames::apiUrl,
          GithubSettings.API_VERSION,
          GithubSettingNames::apiVersion,
          WebhookSecretSettings.CURRENT,
          GithubSettingNames::webhookSecret,
          WebhookSecretSettings.SETTINGS.getLast(),
          GithubSettingNames::webhookSecretPrevious);

  private static final Map<String, Function<GithubSettingNames, String>> EGRESS =
      Map.of(
          "outgoing.ca-file",
          GithubSettingNames::caFile,
          "outgoing.https-proxy",
          GithubSettingNames::httpsProxy);

  @Test
  void the_first_hosts_are_the_variables() {
    NAMES.forEach(
        (setting, name) ->
            assertThat(name.apply(GithubSettingNames.VARIABLES)).isEqualTo(setting.variable()));
    EGRESS.forEach(
        (key, name) ->
            assertThat(name.apply(GithubSettingNames.VARIABLES)).isEqualTo(egress(key).variable()));
  }

  @Test
  void those_of_another_host_are_the_keys_of_its_entry() {
    GithubSettingNames names = new GithubSettingNames("github-hosts[1]");

    NAMES.forEach(
        (setting, name) ->
            assertThat(name.apply(names))
                .isEqualTo(setting.key().replaceFirst("^github", "github-hosts[1]")));
    EGRESS.forEach(
        (key, name) ->
            assertThat(name.apply(names))
                .isEqualTo(egress(key).key().replaceFirst("^outgoing", "github-hosts[1]")));
  }

  private static Setting<?> egress(String key) {
    List<? extends Setting<?>> all =
        EgressSettings.ALL.stream().filter(setting -> setting.key().equals(key)).toList();
    return all.getFirst();
  }
}
