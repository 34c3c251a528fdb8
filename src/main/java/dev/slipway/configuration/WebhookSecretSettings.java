package dev.slipway.configuration;

import dev.slipway.secret.Secret;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.settings.SettingsFile;
import dev.slipway.webhook.NamedSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the secrets that GitHub signs deliveries with. */
final class WebhookSecretSettings {
  /** In the file: more secrets, by name. */
  static final String KEY = "github.webhook-secrets";

  static final Setting<Optional<Secret>> CURRENT =
      Setting.optional(
          "GITHUB_WEBHOOK_SECRET",
          "github.webhook-secret",
          SettingType.chosenSecret(),
          "the secret of the webhook on GitHub; Slipway does not start without one");

  static final Setting<Optional<Secret>> PREVIOUS =
      Setting.optional(
          "GITHUB_WEBHOOK_SECRET_PREVIOUS",
          "github.webhook-secret-previous",
          SettingType.chosenSecret(),
          "the one before it; deliveries with it are still taken");

  static final List<Setting<?>> SETTINGS = List.of(CURRENT, PREVIOUS);

  private WebhookSecretSettings() {}

  static List<NamedSecret> read(SettingValues values, SettingsFile file) {
    List<NamedSecret> secrets = new ArrayList<>();
    values.get(CURRENT).map(s -> new NamedSecret("current", s)).ifPresent(secrets::add);
    values.get(PREVIOUS).map(s -> new NamedSecret("previous", s)).ifPresent(secrets::add);
    file.structure(KEY).ifPresent(named -> secrets.addAll(named(named, values, file)));
    secrets.stream()
        .filter(WebhookSecretSettings::hasOuterBlank)
        .forEach(
            secret ->
                values.warn(
                    "the webhook secret \"%s\" begins or ends with a blank: deliveries are only taken"
                            .formatted(secret.name())
                        + " when it does so on GitHub too"));
    if (secrets.isEmpty() && !values.has(CURRENT)) {
      values.problem(
          CURRENT,
          "is not set. Without it everybody could deploy: choose a long random text, set it here"
              + " and in the webhook's settings on GitHub");
    }
    return secrets;
  }

  private static List<NamedSecret> named(Object named, SettingValues values, SettingsFile file) {
    List<NamedSecret> secrets = new ArrayList<>();
    if (named instanceof Map<?, ?> map) {
      map.forEach(
          (name, secret) ->
              file.given(SettingType.chosenSecret(), KEY + "." + name, secret)
                  .flatMap(given -> values.parse(SettingType.chosenSecret(), given))
                  .ifPresent(read -> secrets.add(new NamedSecret(String.valueOf(name), read))));
    } else {
      values.problems().add(KEY, "must be secrets by name, as name: ${VARIABLE}");
    }
    return secrets;
  }

  private static boolean hasOuterBlank(NamedSecret secret) {
    String text = secret.secret().reveal();
    return !text.equals(text.strip());
  }
}
