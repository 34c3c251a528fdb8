package dev.slipway.targets.command;

import dev.slipway.model.GithubState;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A command that is run after the end of a run. It has the directory, the user, the environment and
 * the limits of the command that deploys.
 */
public record AfterCommand(Occasion occasion, ShellConfig config) {
  private static final Setting<Optional<String>> AFTER_SUCCESS =
      Setting.optional(
          "SLIPWAY_AFTER_SUCCESS_CMD",
          "after.success",
          SettingType.command(),
          "a command to run here, once, after a deployment that succeeded");

  private static final Setting<Optional<String>> AFTER_FAILURE =
      Setting.optional(
          "SLIPWAY_AFTER_FAILURE_CMD",
          "after.failure",
          SettingType.command(),
          "the same after one that failed, or whose outcome is not known");

  /** The settings of all occasions. */
  public static final List<Setting<?>> SETTINGS = List.of(AFTER_SUCCESS, AFTER_FAILURE);

  /** After which ends a command is run. */
  public enum Occasion {
    SUCCESS("after-success"),
    FAILURE("after-failure");

    private final String code;

    Occasion(String code) {
      this.code = code;
    }

    /** Its key in a route, and the name under which what became of it is found. */
    public String code() {
      return code;
    }

    /** The states of such ends. */
    public Set<GithubState> states() {
      return switch (this) {
        case SUCCESS -> Set.of(GithubState.SUCCESS);
        case FAILURE -> Set.of(GithubState.FAILURE, GithubState.ERROR);
      };
    }

    private Setting<Optional<String>> setting() {
      return switch (this) {
        case SUCCESS -> AFTER_SUCCESS;
        case FAILURE -> AFTER_FAILURE;
      };
    }
  }

  /** The settings by their keys in a route. */
  public static Map<String, Setting<?>> entrySettings() {
    return Arrays.stream(Occasion.values())
        .collect(Collectors.toUnmodifiableMap(Occasion::code, Occasion::setting));
  }

  /**
   * The commands that are configured.
   *
   * @param data where commands keep what is known about their runs
   */
  public static List<AfterCommand> read(SettingValues values, Path data) {
    return Arrays.stream(Occasion.values())
        .flatMap(occasion -> read(occasion, values, data).stream())
        .toList();
  }

  private static Optional<AfterCommand> read(Occasion occasion, SettingValues values, Path data) {
    return values
        .get(occasion.setting())
        .map(
            command -> {
              // Apart from those of deploys: after a crash a run is known by its number and time
              // alone, and one that began a moment earlier would be taken for this one
              ShellConfig config =
                  ShellType.config(
                      values.name(occasion.setting()), command, values, data.resolve("after"));
              Shell.problems(config)
                  .forEach(problem -> values.problem(occasion.setting(), problem));
              Shell.problemWithUser(config)
                  .ifPresent(problem -> values.problem(ShellType.USER, problem));
              return new AfterCommand(occasion, config);
            });
  }
}
