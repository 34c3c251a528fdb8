package dev.slipway.configuration;

import dev.slipway.model.ChatOpsTask;
import dev.slipway.secret.Secret;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What protects the API and the figures.
 *
 * @param apiToken null closes the API
 * @param metricsToken null lets everybody read figures and readiness
 * @param chatOps whether deployments with the tasks of {@link ChatOpsTask} tell Slipway what to do
 */
public record AccessConfig(
    @Nullable Secret apiToken, @Nullable Secret metricsToken, boolean chatOps) {
  static final Setting<Optional<Secret>> API_TOKEN =
      Setting.optional(
          "SLIPWAY_API_TOKEN",
          "api-token",
          SettingType.chosenToken(),
          "bearer token of `/api`, which answers 403 without one");

  static final Setting<Optional<Secret>> METRICS_TOKEN =
      Setting.optional(
          "SLIPWAY_METRICS_TOKEN",
          "metrics-token",
          SettingType.chosenSecret(),
          "bearer token of `/prometheus` and of the details of readiness; both are open without"
              + " one");

  static final Setting<Boolean> CHATOPS =
      Setting.of(
          "SLIPWAY_CHATOPS",
          "chatops",
          SettingType.flag(),
          true,
          "whether a deployment with task `deploy:lock`, `rollback` and the like tells Slipway what"
              + " to do, instead of being deployed");

  static final List<Setting<?>> SETTINGS = List.of(API_TOKEN, METRICS_TOKEN, CHATOPS);

  static AccessConfig read(SettingValues values) {
    return new AccessConfig(
        values.get(API_TOKEN).orElse(null),
        values.get(METRICS_TOKEN).orElse(null),
        values.get(CHATOPS));
  }
}
