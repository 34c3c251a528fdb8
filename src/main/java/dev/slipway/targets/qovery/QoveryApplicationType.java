package dev.slipway.targets.qovery;

import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.targets.AttemptSettings;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.targets.TargetType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deploys a Qovery application. */
public final class QoveryApplicationType implements TargetType {
  static final Setting<Optional<String>> APPLICATION_ID =
      Setting.optional(
          "QOVERY_APPLICATION_ID",
          "qovery.application-id",
          SettingType.text(QoveryConfig::problemWithId),
          "the application to deploy");

  @Override
  public String code() {
    return "qovery-application";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        APPLICATION_ID,
        QoverySettings.API_TOKEN,
        QoverySettings.AUTH_SCHEME,
        QoverySettings.API_URL);
  }

  @Override
  public Map<String, Setting<?>> entrySettings() {
    return Map.of(
        "application-id", APPLICATION_ID,
        "api-token", QoverySettings.API_TOKEN,
        "auth-scheme", QoverySettings.AUTH_SCHEME,
        "timeout", AttemptSettings.DEPLOY,
        "no-progress", AttemptSettings.NO_PROGRESS);
  }

  @Override
  public Setting<?> required() {
    return APPLICATION_ID;
  }

  @Override
  public ConfiguredTarget read(String name, SettingValues values, Path data) {
    if (!values.has(APPLICATION_ID)) {
      return new ConfiguredTarget.Missing(APPLICATION_ID);
    }
    Optional<String> id = values.get(APPLICATION_ID);
    Optional<QoveryAccount> account = QoverySettings.account(values, APPLICATION_ID);
    return id.isEmpty() || account.isEmpty()
        ? new ConfiguredTarget.Missing(
            account.isEmpty() ? QoverySettings.API_TOKEN : APPLICATION_ID)
        : new ConfiguredQovery(
            QoveryConfig.application(account.get(), id.get(), AttemptSettings.polled(values)));
  }
}
