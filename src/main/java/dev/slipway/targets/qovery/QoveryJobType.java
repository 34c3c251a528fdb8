package dev.slipway.targets.qovery;

import dev.slipway.model.AttemptLimits;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs a Qovery job. */
public final class QoveryJobType extends QoveryServiceType {
  static final Setting<Optional<String>> JOB_ID = id(QoveryConfig.Kind.JOB);

  static final Setting<Optional<String>> FORCE_EVENT =
      Setting.optional(
          "QOVERY_JOB_FORCE_EVENT",
          "qovery.job-force-event",
          SettingType.text(QoveryConfig::problemWithForceEvent),
          "the event of the job that is run: `START`, `STOP`, `DELETE` or `CRON`");

  static final Setting<Optional<String>> IMAGE_TAG =
      Setting.optional(
          "QOVERY_JOB_IMAGE_TAG",
          "qovery.job-image-tag",
          SettingType.text(),
          "the tag to deploy of a job that comes from an image registry and not from git; `{sha}`"
              + " in it stands for the commit");

  public QoveryJobType() {
    super(QoveryConfig.Kind.JOB, JOB_ID);
  }

  @Override
  List<Map.Entry<String, Setting<?>>> own() {
    return List.of(Map.entry("force-event", FORCE_EVENT), Map.entry("image-tag", IMAGE_TAG));
  }

  @Override
  QoveryConfig config(
      QoveryAccount account, String uuid, AttemptLimits limits, SettingValues values) {
    return QoveryConfig.job(
        account,
        uuid,
        values.get(FORCE_EVENT).orElse(null),
        values.get(IMAGE_TAG).orElse(null),
        limits);
  }
}
