package dev.slipway.configuration;

import dev.slipway.reconcile.ReconcilePolicy;
import dev.slipway.settings.SettingKey;
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

  static ReconcileConfig read(SettingValues values) {
    // The file's YAML makes false of off
    boolean isOff =
        values
            .text(SettingKey.SLIPWAY_RECONCILE_EVERY)
            .filter(every -> every.strip().matches("(?i)off|false|0+\\s*(ms|s|m|h|d)?"))
            .isPresent();
    return new ReconcileConfig(
        isOff
            ? Duration.ZERO
            : values.duration(SettingKey.SLIPWAY_RECONCILE_EVERY, Duration.ofMinutes(5)),
        values.duration(SettingKey.SLIPWAY_RECONCILE_MAX_AGE, Duration.ofHours(24)),
        values.duration(SettingKey.SLIPWAY_RECONCILE_GRACE, Duration.ofMinutes(2)),
        values.list(SettingKey.SLIPWAY_REPOSITORIES));
  }

  public ReconcilePolicy terms(Supplier<String> publicBase) {
    return new ReconcilePolicy(maxAge, grace, repositories, publicBase);
  }
}
