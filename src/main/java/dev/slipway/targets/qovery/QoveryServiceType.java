package dev.slipway.targets.qovery;

import dev.slipway.model.AttemptLimits;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.targets.AttemptSettings;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.targets.TargetType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Deploys one kind of Qovery's services. What all kinds share is here: the id without which there
 * is no target, the account, and the limits. A kind adds the settings that say which version of the
 * service is wanted.
 */
abstract sealed class QoveryServiceType implements TargetType
    permits QoveryApplicationType, QoveryJobType, QoveryContainerType, QoveryHelmType {
  private final QoveryConfig.Kind kind;
  private final Setting<Optional<String>> id;

  QoveryServiceType(QoveryConfig.Kind kind, Setting<Optional<String>> id) {
    this.kind = kind;
    this.id = id;
  }

  /** The setting that holds the id of a service of this kind. */
  static Setting<Optional<String>> id(QoveryConfig.Kind kind) {
    return Setting.optional(
        kind.setting(),
        "qovery." + kind.word() + "-id",
        SettingType.text(QoveryConfig::problemWithId),
        "the " + kind.noun() + " to deploy");
  }

  /** The settings of this kind alone, by their names in an entry, in documented order. */
  abstract List<Map.Entry<String, Setting<?>>> own();

  /** Reads the settings of this kind alone. */
  abstract QoveryConfig config(
      QoveryAccount account, String uuid, AttemptLimits limits, SettingValues values);

  @Override
  public final String code() {
    return "qovery-" + kind.word();
  }

  @Override
  public final List<Setting<?>> settings() {
    Stream<Setting<?>> own = own().stream().map(Map.Entry::getValue);
    Stream<Setting<?>> shared =
        Stream.of(QoverySettings.API_TOKEN, QoverySettings.AUTH_SCHEME, QoverySettings.API_URL);
    return Stream.concat(Stream.concat(Stream.of(id), own), shared).toList();
  }

  @Override
  public final Map<String, Setting<?>> entrySettings() {
    Map<String, Setting<?>> entry =
        new HashMap<>(
            Map.of(
                kind.word() + "-id",
                id,
                "api-token",
                QoverySettings.API_TOKEN,
                "auth-scheme",
                QoverySettings.AUTH_SCHEME,
                "timeout",
                AttemptSettings.DEPLOY,
                "no-progress",
                AttemptSettings.NO_PROGRESS));
    own().forEach(setting -> entry.put(setting.getKey(), setting.getValue()));
    return Map.copyOf(entry);
  }

  @Override
  public final Setting<?> required() {
    return id;
  }

  @Override
  public final ConfiguredTarget read(String name, SettingValues values, Path data) {
    if (!values.has(id)) {
      return new ConfiguredTarget.Missing(id);
    }
    Optional<String> uuid = values.get(id);
    Optional<QoveryAccount> account = QoverySettings.account(values, id);
    if (uuid.isEmpty() || account.isEmpty()) {
      return new ConfiguredTarget.Missing(account.isEmpty() ? QoverySettings.API_TOKEN : id);
    }
    return new ConfiguredQovery(
        config(account.get(), uuid.get(), AttemptSettings.polled(values), values));
  }
}
