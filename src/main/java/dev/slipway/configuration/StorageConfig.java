package dev.slipway.configuration;

import dev.slipway.secret.Secret;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where everything is stored, and for how long.
 *
 * @param directory where Slipway keeps its files
 * @param databaseUrl {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://…}
 */
public record StorageConfig(
    Path directory, String databaseUrl, DatabaseLogin login, Retention.Periods periods) {
  private static final Pattern PASSWORD_IN_URL =
      Pattern.compile("jdbc:postgresql:.*[?&]password=([^&]*).*");
  private static final Duration SHORTEST = Duration.ofDays(8);

  static final Setting<Path> DATA =
      Setting.of(
          "SLIPWAY_DATA",
          "data",
          SettingType.path(),
          Path.of("data"),
          "the directory for the database and the files of runs");

  static final Setting<String> DATABASE_URL =
      Setting.computed(
          "SLIPWAY_DATABASE_URL",
          "database.url",
          SettingType.text()
              .where(
                  url -> url.matches("jdbc:sqlite:[^?]+") || url.startsWith("jdbc:postgresql:"),
                  "must be jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE"),
          "`jdbc:sqlite:DATA/slipway.db`",
          others -> "jdbc:sqlite:" + others.resolve(others.get(DATA)).resolve("slipway.db"),
          "the database: a file, or `jdbc:postgresql://HOST/DATABASE`");

  static final Setting<Optional<String>> DATABASE_USER =
      Setting.optional(
          "SLIPWAY_DATABASE_USER", "database.user", SettingType.text(), "for PostgreSQL");

  static final Setting<Optional<Secret>> DATABASE_PASSWORD =
      Setting.optional(
          "SLIPWAY_DATABASE_PASSWORD", "database.password", SettingType.secret(), "for PostgreSQL");

  static final Setting<Duration> KEEP_LOGS =
      Setting.of(
          "SLIPWAY_KEEP_LOGS",
          "keep.logs",
          SettingType.duration(),
          Duration.ofDays(90),
          "how long logs are kept");

  static final Setting<Duration> KEEP_DEPLOYMENTS =
      Setting.of(
          "SLIPWAY_KEEP_DEPLOYMENTS",
          "keep.deployments",
          redeliverable(),
          Duration.ofDays(365),
          "how long deployments are kept; at least `8d`, as GitHub redelivers for 7");

  static final Setting<Duration> KEEP_DELIVERIES =
      Setting.of(
          "SLIPWAY_KEEP_DELIVERIES",
          "keep.deliveries",
          redeliverable(),
          Duration.ofDays(30),
          "how long deliveries are kept; at least `8d`");

  static final List<Setting<?>> SETTINGS =
      List.of(
          DATA,
          DATABASE_URL,
          DATABASE_USER,
          DATABASE_PASSWORD,
          KEEP_LOGS,
          KEEP_DEPLOYMENTS,
          KEEP_DELIVERIES);

  static StorageConfig read(SettingValues values) {
    String url = values.get(DATABASE_URL);
    Matcher password = PASSWORD_IN_URL.matcher(url);
    if (password.matches()) {
      Secret _ = values.hide(password.group(1));
    }
    return new StorageConfig(
        values.resolve(values.get(DATA)),
        url,
        new DatabaseLogin(
            values.get(DATABASE_USER).orElse(null),
            values.get(DATABASE_PASSWORD).map(Secret::reveal).orElse(null)),
        new Retention.Periods(
            values.get(KEEP_LOGS), values.get(KEEP_DEPLOYMENTS), values.get(KEEP_DELIVERIES)));
  }

  /** What GitHub may deliver again still has to be known. */
  private static SettingType<Duration> redeliverable() {
    return SettingType.duration()
        .where(
            kept -> kept.compareTo(SHORTEST) >= 0,
            "must be at least %dd: GitHub redelivers for 7 days".formatted(SHORTEST.toDays()));
  }
}
