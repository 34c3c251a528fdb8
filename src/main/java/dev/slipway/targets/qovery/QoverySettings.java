package dev.slipway.targets.qovery;

import dev.slipway.secret.Secret;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.net.URI;
import java.util.Optional;

/** The settings that all deploys by Qovery share. */
final class QoverySettings {
  static final Setting<Optional<Secret>> API_TOKEN =
      Setting.optional(
          "QOVERY_API_TOKEN",
          "qovery.api-token",
          SettingType.token(),
          "the token for Qovery's API; needed with any of its services");

  static final Setting<String> AUTH_SCHEME =
      Setting.of(
          "QOVERY_AUTH_SCHEME",
          "qovery.auth-scheme",
          SettingType.text(QoveryAccount::problemWithScheme),
          "token",
          "how the token is sent: `token` for an API token, `bearer` for a JWT");

  static final Setting<URI> API_URL =
      Setting.of(
          "QOVERY_API_URL",
          "qovery.api-url",
          SettingType.baseUrl("https://api.qovery.com"),
          URI.create("https://api.qovery.com"),
          "where Qovery's API is");

  private QoverySettings() {}

  /**
   * Reads how Qovery is reached; empty without a token, which is a problem then.
   *
   * @param because the setting that makes the account necessary
   */
  static Optional<QoveryAccount> account(SettingValues values, Setting<?> because) {
    return values
        .required(API_TOKEN, values.name(because) + " needs it")
        .map(token -> new QoveryAccount(values.get(API_URL), token, values.get(AUTH_SCHEME)));
  }
}
