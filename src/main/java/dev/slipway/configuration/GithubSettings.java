package dev.slipway.configuration;

import dev.slipway.github.AppCredential;
import dev.slipway.github.AppPrivateKey;
import dev.slipway.github.GithubConfig;
import dev.slipway.github.GithubSettingNames;
import dev.slipway.secret.Secret;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.store.PostLimits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of calls to a GitHub host. */
final class GithubSettings {
  static final Setting<Optional<Secret>> TOKEN =
      Setting.optional(
          "GITHUB_TOKEN",
          "github.token",
          SettingType.token(),
          "posts statuses (repository permission *Deployments: read and write*); without one they"
              + " wait until there is one");

  static final Setting<Optional<String>> APP_ID =
      Setting.optional(
          "GITHUB_APP_ID",
          "github.app-id",
          SettingType.of(
              text ->
                  text.matches("\\d{1,18}|Iv[A-Za-z0-9.]{1,62}")
                      ? Optional.of(text)
                      : Optional.empty(),
              id -> id,
              "must be the app id (a number) or the client id (Iv…) from the App's settings on"
                  + " GitHub"),
          "a GitHub App in the place of a token: its app id or client id ([github.md](github.md))");

  static final Setting<Optional<Secret>> APP_PRIVATE_KEY =
      Setting.optional(
          "GITHUB_APP_PRIVATE_KEY",
          "github.app-private-key",
          SettingType.secret(),
          "its private key, in PEM; needed with `GITHUB_APP_ID`");

  static final Setting<Optional<Long>> APP_INSTALLATION_ID =
      Setting.optional(
          "GITHUB_APP_INSTALLATION_ID",
          "github.app-installation-id",
          SettingType.of(
              text ->
                  text.matches("[1-9]\\d{0,17}")
                      ? Optional.of(Long.valueOf(text))
                      : Optional.empty(),
              String::valueOf,
              "must be a number, as in the address of the installation's settings on GitHub"),
          "the one installation to use; left out: that of each repository");

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
      List.of(
          TOKEN,
          APP_ID,
          APP_PRIVATE_KEY,
          APP_INSTALLATION_ID,
          API_URL,
          API_VERSION,
          CONTENT_PER_MINUTE,
          CONTENT_PER_HOUR);

  private static final Duration LEAST_APART = Duration.ofSeconds(1);

  private final SettingValues values;
  private final GithubSettingNames names;

  /**
   * @param values of one host
   * @param names how its settings are called
   */
  GithubSettings(SettingValues values, GithubSettingNames names) {
    this.values = values;
    this.names = names;
  }

  GithubConfig config() {
    GithubConfig github =
        new GithubConfig(
            values.get(API_URL),
            values.get(TOKEN).orElse(null),
            app(),
            values.get(API_VERSION),
            names);
    if (!github.hasCredential()) {
      values.warn(names.noCredential());
    }
    if (github.lacksPath()) {
      values.warn(
          "%s is %s: GitHub Enterprise Server has its API below /api/v3, so that no"
                  .formatted(names.apiUrl(), github.apiUrl())
              + " status may arrive; set it to https://HOST/api/v3");
    }
    return github;
  }

  /** Null without one, and where something is wrong with it. */
  private @Nullable AppCredential app() {
    if (values.has(TOKEN) && (values.has(APP_ID) || values.has(APP_PRIVATE_KEY))) {
      values.problem(
          TOKEN,
          "is set, and so is a GitHub App (%s): statuses are posted with one of them, remove the other"
              .formatted(names.appId()));
    }
    if (!values.has(APP_ID)) {
      Stream.of(APP_PRIVATE_KEY, APP_INSTALLATION_ID)
          .filter(values::has)
          .forEach(
              setting ->
                  values.problem(
                      setting,
                      "is set, but %s is not: set it to the App's app id or client id"
                          .formatted(names.appId())));
      return null;
    }
    if (!values.has(APP_PRIVATE_KEY)) {
      values.problem(
          APP_ID,
          "is set, but neither %1$s nor %1$s%2$s is: generate a private key in the App's settings on GitHub, and set one of them"
              .formatted(names.appPrivateKey(), names.areVariables() ? "_FILE" : "-file"));
    }
    AppPrivateKey key = values.get(APP_PRIVATE_KEY).map(this::key).orElse(null);
    String issuer = values.get(APP_ID).orElse(null);
    return key == null || issuer == null
        ? null
        : new AppCredential(issuer, key, values.get(APP_INSTALLATION_ID).orElse(null));
  }

  private @Nullable AppPrivateKey key(Secret text) {
    Secret _ = values.hide(AppPrivateKey.lines(text));
    return switch (AppPrivateKey.parse(text)) {
      case AppPrivateKey.Parsed.Good(AppPrivateKey key) -> key;
      case AppPrivateKey.Parsed.Bad(String sentence) -> {
        values.problem(APP_PRIVATE_KEY, sentence);
        yield null;
      }
    };
  }

  static PostLimits postLimits(SettingValues values) {
    int perMinute = values.get(CONTENT_PER_MINUTE);
    return new PostLimits(
        perMinute, values.get(CONTENT_PER_HOUR), perMinute == 0 ? Duration.ZERO : LEAST_APART);
  }
}
