package dev.slipway.targets.qovery;

import dev.slipway.model.AttemptLimits;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingValues;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deploys a Qovery application. */
public final class QoveryApplicationType extends QoveryServiceType {
  static final Setting<Optional<String>> APPLICATION_ID = id(QoveryConfig.Kind.APPLICATION);

  public QoveryApplicationType() {
    super(QoveryConfig.Kind.APPLICATION, APPLICATION_ID);
  }

  @Override
  List<Map.Entry<String, Setting<?>>> own() {
    return List.of();
  }

  @Override
  QoveryConfig config(
      QoveryAccount account, String uuid, AttemptLimits limits, SettingValues values) {
    return QoveryConfig.application(account, uuid, limits);
  }
}
