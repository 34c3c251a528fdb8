package dev.slipway.configuration;

import dev.slipway.secret.Secret;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How logs are read by links.
 *
 * @param isEnabled whether they can be read by links at all
 * @param secret null: one is made once and kept in the database
 * @param previousSecret links that were signed with it still open their pages
 */
public record LogLinkConfig(
    boolean isEnabled, @Nullable Secret secret, @Nullable Secret previousSecret, Duration ttl) {
  static final Setting<Boolean> ENABLED =
      Setting.of(
          "SLIPWAY_LOG_LINKS",
          "log-link.enabled",
          SettingType.onOff(),
          true,
          "`off`: no `log_url` is posted or returned, and no page opens");

  static final Setting<Optional<Secret>> SECRET =
      Setting.optional(
          "SLIPWAY_LOG_LINK_SECRET",
          "log-link.secret",
          SettingType.chosenSecret(),
          "signs links; without one it is made once and kept in the database");

  static final Setting<Optional<Secret>> PREVIOUS_SECRET =
      Setting.optional(
          "SLIPWAY_LOG_LINK_SECRET_PREVIOUS",
          "log-link.secret-previous",
          SettingType.chosenSecret(),
          "the one before it; links that were signed with it still open");

  static final Setting<Duration> TTL =
      Setting.of(
          "SLIPWAY_LOG_LINK_TTL",
          "log-link.ttl",
          SettingType.duration(),
          Duration.ofDays(90),
          "from the acceptance of a deployment, and again from a retry");

  /** The warning that nobody said how browsers reach the links. */
  public static final String NO_PUBLIC_URL =
      "SLIPWAY_PUBLIC_URL is not set: the log links on GitHub will lead to this machine only";

  static final List<Setting<?>> SETTINGS = List.of(ENABLED, SECRET, PREVIOUS_SECRET, TTL);

  static LogLinkConfig read(SettingValues values) {
    LogLinkConfig config =
        new LogLinkConfig(
            values.get(ENABLED),
            values.get(SECRET).orElse(null),
            values.get(PREVIOUS_SECRET).orElse(null),
            values.get(TTL));
    if (config.isEnabled() && !values.has(ServerConfig.PUBLIC_URL)) {
      values.warn(NO_PUBLIC_URL);
    }
    return config;
  }
}
