package dev.slipway.targets.qovery;

import dev.slipway.model.AttemptLimits;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deploys a Qovery container, which comes from an image registry. */
public final class QoveryContainerType extends QoveryServiceType {
  static final Setting<Optional<String>> CONTAINER_ID = id(QoveryConfig.Kind.CONTAINER);

  static final Setting<String> IMAGE_TAG =
      Setting.of(
          "QOVERY_CONTAINER_IMAGE_TAG",
          "qovery.container-image-tag",
          SettingType.text(),
          QoveryVersionRule.COMMIT,
          "the tag of the container's image to deploy; `{sha}` in it stands for the commit");

  public QoveryContainerType() {
    super(QoveryConfig.Kind.CONTAINER, CONTAINER_ID);
  }

  @Override
  List<Map.Entry<String, Setting<?>>> own() {
    return List.of(Map.entry("image-tag", IMAGE_TAG));
  }

  @Override
  QoveryConfig config(
      QoveryAccount account, String uuid, AttemptLimits limits, SettingValues values) {
    return QoveryConfig.container(account, uuid, values.get(IMAGE_TAG), limits);
  }
}
