package dev.slipway.configuration;

import dev.slipway.github.GithubConfig;
import dev.slipway.secret.Secret;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.store.PostLimits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of calls to GitHub. */
final class GithubSettings {
  static final Setting<Optional<Secret>> TOKEN =
      Setting.optional(
          "GITHUB_TOKEN",
          "github.token",
          SettingType.token(),
          "posts statuses (repository permission *Deployments: read and write*); without one they"
              + " wait until there is one");

  static final Setting<URI> API_URL =
      Setting.of(
          "GITHUB_API_URL",
          "github.api-url",
          SettingType.baseUrl("https://api.github.com"),
          URI.create("https://api.github.com"),
          "`https://HOST/api/v3` for GitHub Enterprise Server, `https://api.TENANT.ghe.com`");

  static final Setting<String> API_VERSION =
      Setting.of(
          "GITHUB_API_VERSION",
          "github.api-version",
          SettingType.text()
              .where(
                  version -> version.matches("\\d{4}-\\d{2}-\\d{2}"),
                  "must be a date such as "
                      + GithubConfig.API_VERSION
                      + ", from GitHub's list of versions"),
          GithubConfig.API_VERSION,
          "sent with each call; another one of GitHub's list when this one is gone");

  static final Setting<Integer> CONTENT_PER_MINUTE =
      Setting.of(
          "GITHUB_CONTENT_PER_MINUTE",
          "github.content-per-minute",
          SettingType.count(),
          80,
          "how many statuses are posted within a minute; `0` for any number");

  static final Setting<Integer> CONTENT_PER_HOUR =
      Setting.of(
          "GITHUB_CONTENT_PER_HOUR",
          "github.content-per-hour",
          SettingType.count(),
          500,
          "how many within an hour; `0` for any number");

  static final List<Setting<?>> ALL =
      List.of(TOKEN, API_URL, API_VERSION, CONTENT_PER_MINUTE, CONTENT_PER_HOUR);

  private static final Duration LEAST_APART = Duration.ofSeconds(1);

  private GithubSettings() {}

  static GithubConfig config(SettingValues values) {
    GithubConfig github =
        new GithubConfig(
            values.get(API_URL), values.get(TOKEN).orElse(null), values.get(API_VERSION));
    if (github.token() == null) {
      values.warn("GITHUB_TOKEN is not set: statuses will wait until it is");
    }
    if (github.lacksPath()) {
      values.warn(
          "GITHUB_API_URL is %s: GitHub Enterprise Server has its API below /api/v3, so that no"
                  .formatted(github.apiUrl())
              + " status may arrive; set it to https://HOST/api/v3");
    }
    return github;
  }

  static PostLimits postLimits(SettingValues values) {
    int perMinute = values.get(CONTENT_PER_MINUTE);
    return new PostLimits(
        perMinute, values.get(CONTENT_PER_HOUR), perMinute == 0 ? Duration.ZERO : LEAST_APART);
  }
}
