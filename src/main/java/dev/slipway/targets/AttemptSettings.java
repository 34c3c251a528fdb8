package dev.slipway.targets;

import dev.slipway.model.AttemptLimits;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.time.Duration;
import java.util.List;

/** The settings that limit each attempt, whatever its target. */
public final class AttemptSettings {
  static final Setting<Duration> START =
      Setting.of(
          "SLIPWAY_START_LIMIT",
          "limits.start",
          SettingType.duration(),
          Duration.ofMinutes(5),
          "how long a busy provider is asked again");

  static final Setting<Duration> UNKNOWN_GRACE =
      Setting.of(
          "SLIPWAY_UNKNOWN_GRACE",
          "limits.unknown-grace",
          SettingType.duration(),
          Duration.ofMinutes(2),
          "how long a deploy must be absent before it surely did not start");

  static final Setting<Duration> UNKNOWN =
      Setting.of(
          "SLIPWAY_UNKNOWN_LIMIT",
          "limits.unknown",
          SettingType.duration(),
          Duration.ofMinutes(15),
          "how long an unknown outcome is looked up");

  /** How long a deploy elsewhere may take. */
  public static final Setting<Duration> DEPLOY =
      Setting.of(
          "SLIPWAY_DEPLOY_TIMEOUT",
          "limits.deploy",
          SettingType.duration(),
          Duration.ofMinutes(60),
          "how long a deploy at a provider may take");

  /** How long a deploy elsewhere may stay in one phase. */
  public static final Setting<Duration> NO_PROGRESS =
      Setting.of(
          "SLIPWAY_NO_PROGRESS_TIMEOUT",
          "limits.no-progress",
          SettingType.duration(),
          Duration.ofMinutes(30),
          "how long it may show the same phase (a long build is one phase)");

  /** All of them. */
  public static final List<Setting<?>> ALL =
      List.of(START, UNKNOWN_GRACE, UNKNOWN, DEPLOY, NO_PROGRESS);

  private AttemptSettings() {}

  /** The limits of a deploy that runs elsewhere and is polled. */
  public static AttemptLimits polled(SettingValues values) {
    AttemptLimits limits = limits(values, values.get(DEPLOY));
    return new AttemptLimits(
        limits.start(), limits.grace(), limits.lookup(), limits.total(), values.get(NO_PROGRESS));
  }

  /**
   * The limits of a command, which watches its output itself. There is no grace: a lookup that
   * finds no command also prevents it from starting later.
   */
  public static AttemptLimits ofCommand(SettingValues values, Duration timeout) {
    AttemptLimits limits = limits(values, timeout.plusMinutes(1));
    return new AttemptLimits(limits.start(), Duration.ZERO, limits.lookup(), limits.total());
  }

  private static AttemptLimits limits(SettingValues values, Duration total) {
    Duration grace = values.get(UNKNOWN_GRACE);
    Duration lookup = values.get(UNKNOWN);
    if (grace.compareTo(lookup) > 0) {
      values.problem(UNKNOWN_GRACE, "must not be longer than " + values.name(UNKNOWN));
      grace = lookup;
    }
    return new AttemptLimits(values.get(START), grace, lookup, total);
  }
}
