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

/** Runs a Qovery job. */
public final class QoveryJobType implements TargetType {
  static final Setting<Optional<String>> JOB_ID =
      Setting.optional(
          "QOVERY_JOB_ID",
          "qovery.job-id",
          SettingType.text(QoveryConfig::problemWithId),
          "the job to deploy");

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
          "the tag to deploy of a job that comes from an image registry and not from git; `{sha}` in"
              + " it stands for the commit");

  @Override
  public String code() {
    return "qovery-job";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        JOB_ID,
        FORCE_EVENT,
        IMAGE_TAG,
        QoverySettings.API_TOKEN,
        QoverySettings.AUTH_SCHEME,
        QoverySettings.API_URL);
  }

  @Override
  public Map<String, Setting<?>> entrySettings() {
    return Map.of(
        "job-id", JOB_ID,
        "force-event", FORCE_EVENT,
        "image-tag", IMAGE_TAG,
        "api-token", QoverySettings.API_TOKEN,
        "auth-scheme", QoverySettings.AUTH_SCHEME,
        "timeout", AttemptSettings.DEPLOY,
        "no-progress", AttemptSettings.NO_PROGRESS);
  }

  @Override
  public Setting<?> required() {
    return JOB_ID;
  }

  @Override
  public ConfiguredTarget read(String name, SettingValues values, Path data) {
    if (!values.has(JOB_ID)) {
      return new ConfiguredTarget.Missing(JOB_ID);
    }
    Optional<String> id = values.get(JOB_ID);
    Optional<QoveryAccount> account = QoverySettings.account(values, JOB_ID);
    return id.isEmpty() || account.isEmpty()
        ? new ConfiguredTarget.Missing(account.isEmpty() ? QoverySettings.API_TOKEN : JOB_ID)
        : new ConfiguredQovery(
            QoveryConfig.job(
                account.get(),
                id.get(),
                values.get(FORCE_EVENT).orElse(null),
                values.get(IMAGE_TAG).orElse(null),
                AttemptSettings.polled(values)));
  }
}
