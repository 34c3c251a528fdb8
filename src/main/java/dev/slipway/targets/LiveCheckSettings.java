package dev.slipway.targets;

import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of a check of what is live, whatever the target. */
public final class LiveCheckSettings {
  /** What is looked at; without it there is no check. */
  public static final Setting<Optional<String>> URL =
      Setting.optional(
          "SLIPWAY_CHECK_URL",
          "check.url",
          SettingType.text(LiveCheckConfig::problemWith),
          "read when a deploy of the default route is live, until it answers 2xx; `{sha}` and"
              + " `{environment}` may stand in it");

  static final Setting<Duration> TIMEOUT =
      Setting.of(
          "SLIPWAY_CHECK_TIMEOUT",
          "check.timeout",
          SettingType.duration(),
          Duration.ofMinutes(5),
          "how long that may take; then the deployment failed");

  static final Setting<Duration> EVERY =
      Setting.of(
          "SLIPWAY_CHECK_EVERY",
          "check.every",
          SettingType.duration(),
          Duration.ofSeconds(5),
          "how often it is read");

  static final Setting<Optional<String>> COMMIT_HEADER =
      Setting.optional(
          "SLIPWAY_CHECK_COMMIT_HEADER",
          "check.commit-header",
          SettingType.text(),
          "the header of the answer that names the commit that runs");

  static final Setting<Optional<String>> COMMIT_JSON =
      Setting.optional(
          "SLIPWAY_CHECK_COMMIT_JSON",
          "check.commit-json",
          SettingType.text(),
          "or the field of its JSON that does, such as `build.commit`");

  /** All of them. */
  public static final List<Setting<?>> ALL =
      List.of(URL, TIMEOUT, EVERY, COMMIT_HEADER, COMMIT_JSON);

  /** By their names in a target's {@code check}. */
  public static final Map<String, Setting<?>> BY_NAME =
      Map.of(
          "url", URL,
          "timeout", TIMEOUT,
          "every", EVERY,
          "commit-header", COMMIT_HEADER,
          "commit-json", COMMIT_JSON);

  private LiveCheckSettings() {}

  /** The check; empty without an address. What is wrong is added to the problems of the values. */
  public static Optional<LiveCheckConfig> read(SettingValues values) {
    Optional<String> header = values.get(COMMIT_HEADER);
    Optional<String> json = values.get(COMMIT_JSON);
    if (header.isPresent() && json.isPresent()) {
      values.problem(
          COMMIT_JSON, "and " + values.name(COMMIT_HEADER) + " cannot both be set; leave one out");
    }
    Duration timeout = values.get(TIMEOUT);
    Duration every = values.get(EVERY);
    return values
        .get(URL)
        .map(
            url ->
                new LiveCheckConfig(url, timeout, every, header.orElse(null), json.orElse(null)));
  }
}
