package dev.slipway.configuration;

import dev.slipway.secret.Secret;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.webhook.NamedSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Reads the secrets that a GitHub host signs deliveries with. */
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

  /** Reads the secrets of the first host. */
  static List<NamedSecret> read(SettingValues values, StructureReader file, String host) {
    List<NamedSecret> secrets =
        read(values, file, KEY, file.file().structure(KEY), name -> name, host);
    if (secrets.isEmpty() && !values.has(CURRENT)) {
      values.problem(
          CURRENT,
          "is not set. Without it everybody could deploy: choose a long random text, set it here"
              + " and in the webhook's settings on GitHub");
    }
    return secrets;
  }

  /**
   * Reads the secrets of another host, whose names begin with its own.
   *
   * @param at the place of those by name
   */
  static List<NamedSecret> ofEntry(
      SettingValues values,
      StructureReader file,
      String at,
      Optional<? extends Object> named,
      String host) {
    return read(values, file, at, named, name -> host + "/" + name, host);
  }

  private static List<NamedSecret> read(
      SettingValues values,
      StructureReader file,
      String at,
      Optional<? extends Object> named,
      UnaryOperator<String> naming,
      String host) {
    List<NamedSecret> secrets = new ArrayList<>();
    values
        .get(CURRENT)
        .map(secret -> new NamedSecret(naming.apply("current"), secret, host))
        .ifPresent(secrets::add);
    values
        .get(PREVIOUS)
        .map(secret -> new NamedSecret(naming.apply("previous"), secret, host))
        .ifPresent(secrets::add);
    named.ifPresent(all -> secrets.addAll(named(file, at, all, naming, host)));
    secrets.stream()
        .filter(WebhookSecretSettings::hasOuterBlank)
        .forEach(
            secret ->
                values.warn(
                    "the webhook secret \"%s\" begins or ends with a blank: deliveries are only taken"
                            .formatted(secret.name())
                        + " when it does so on GitHub too"));
    return secrets;
  }

  private static List<NamedSecret> named(
      StructureReader file, String at, Object named, UnaryOperator<String> naming, String host) {
    List<NamedSecret> secrets = new ArrayList<>();
    if (named instanceof Map<?, ?> map) {
      map.forEach(
          (name, secret) ->
              file.read(SettingType.chosenSecret(), at + "." + name, secret)
                  .map(read -> new NamedSecret(naming.apply(String.valueOf(name)), read, host))
                  .ifPresent(secrets::add));
    } else {
      file.problem(at, "must be secrets by name, as name: ${VARIABLE}");
    }
    return secrets;
  }

  private static boolean hasOuterBlank(NamedSecret secret) {
    String text = secret.secret().reveal();
    return !text.equals(text.strip());
  }
}
