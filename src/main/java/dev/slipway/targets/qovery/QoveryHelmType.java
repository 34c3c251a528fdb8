package dev.slipway.targets.qovery;

import dev.slipway.model.AttemptLimits;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deploys a Helm service of Qovery, whose chart comes from git or from a Helm repository. */
public final class QoveryHelmType extends QoveryServiceType {
  static final Setting<Optional<String>> HELM_ID = id(QoveryConfig.Kind.HELM);

  static final Setting<Optional<String>> CHART_VERSION =
      Setting.optional(
          "QOVERY_HELM_CHART_VERSION",
          "qovery.helm-chart-version",
          SettingType.text(),
          "the version to deploy of a chart that comes from a Helm repository and not from git;"
              + " `{sha}` in it stands for the commit");

  static final Setting<Boolean> VALUES_FROM_GIT =
      Setting.of(
          "QOVERY_HELM_VALUES_FROM_GIT",
          "qovery.helm-values-from-git",
          SettingType.flag(),
          false,
          "whether the service overrides the chart's values by files in git, which are then taken"
              + " from the commit as well");

  public QoveryHelmType() {
    super(QoveryConfig.Kind.HELM, HELM_ID);
  }

  @Override
  List<Map.Entry<String, Setting<?>>> own() {
    return List.of(
        Map.entry("chart-version", CHART_VERSION), Map.entry("values-from-git", VALUES_FROM_GIT));
  }

  @Override
  QoveryConfig config(
      QoveryAccount account, String uuid, AttemptLimits limits, SettingValues values) {
    return QoveryConfig.helm(
        account, uuid, values.get(CHART_VERSION).orElse(null), values.get(VALUES_FROM_GIT), limits);
  }
}
