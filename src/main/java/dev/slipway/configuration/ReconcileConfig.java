package dev.slipway.configuration;

import dev.slipway.reconcile.ReconcilePolicy;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * How GitHub is asked for what it could not deliver.
 *
 * @param every how often; zero for never
 * @param repositories named for the default route
 */
public record ReconcileConfig(
    Duration every, Duration maxAge, Duration grace, List<String> repositories) {
  static final Setting<Duration> EVERY =
      Setting.of(
          "SLIPWAY_RECONCILE_EVERY",
          "reconcile.every",
          SettingType.durationOrOff(),
          Duration.ofMinutes(5),
          "how often GitHub is asked for deployments that it could not deliver; or `off`");

  static final Setting<Duration> MAX_AGE =
      Setting.of(
          "SLIPWAY_RECONCILE_MAX_AGE",
          "reconcile.max-age",
          SettingType.duration(),
          Duration.ofHours(24),
          "what was made longer ago is left alone");

  static final Setting<Duration> GRACE =
      Setting.of(
          "SLIPWAY_RECONCILE_GRACE",
          "reconcile.grace",
          SettingType.duration(),
          Duration.ofMinutes(2),
          "how long a delivery may be on its way");

  static final List<Setting<?>> SETTINGS = List.of(EVERY, MAX_AGE, GRACE);

  static ReconcileConfig read(SettingValues values) {
    return new ReconcileConfig(
        values.get(EVERY),
        values.get(MAX_AGE),
        values.get(GRACE),
        values.get(DefaultRouteSettings.REPOSITORIES));
  }

  public ReconcilePolicy policy(Supplier<String> publicBase) {
    return new ReconcilePolicy(maxAge, grace, repositories, publicBase);
  }
}
