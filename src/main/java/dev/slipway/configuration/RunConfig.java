package dev.slipway.configuration;

import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.time.Duration;
import java.util.List;

/**
 * How runs are worked on.
 *
 * @param stopGrace how long a stop waits for commands on this host
 * @param commandsAtOnce how many commands of this process may run at the same time
 * @param providerLog how many bytes are kept of the log that a provider itself writes about a
 *     deploy
 */
public record RunConfig(Duration stopGrace, int commandsAtOnce, long providerLog) {
  private static final int COMMANDS_FOR_EACH_CORE = 4;
  private static final int LARGEST_PROVIDER_LOG = 4;

  static final Setting<Duration> STOP_GRACE =
      Setting.of(
          "SLIPWAY_STOP_GRACE",
          "stop-grace",
          SettingType.duration(),
          Duration.ofSeconds(5),
          "how long a stop waits for commands that run here");

  static final Setting<Integer> COMMANDS_AT_ONCE =
      Setting.computed(
          "SLIPWAY_COMMANDS_AT_ONCE",
          "commands-at-once",
          SettingType.count(),
          "four for each core",
          _ -> COMMANDS_FOR_EACH_CORE * Runtime.getRuntime().availableProcessors(),
          "commands of one process, here and by SSH; more wait; `0` for any number");

  static final Setting<Long> PROVIDER_LOG =
      Setting.of(
          "SLIPWAY_PROVIDER_LOG",
          "provider-log",
          SettingType.size(LARGEST_PROVIDER_LOG),
          1024 * 1024L,
          "how much of Render's or Qovery's own log of a deploy is shown in ours; `0` for nothing");

  static final List<Setting<?>> SETTINGS = List.of(STOP_GRACE, COMMANDS_AT_ONCE, PROVIDER_LOG);

  static RunConfig read(SettingValues values) {
    int commands = values.get(COMMANDS_AT_ONCE);
    return new RunConfig(
        values.get(STOP_GRACE),
        commands == 0 ? Integer.MAX_VALUE : commands,
        values.get(PROVIDER_LOG));
  }
}
