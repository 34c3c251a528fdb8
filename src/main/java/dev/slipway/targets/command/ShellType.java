package dev.slipway.targets.command;

import dev.slipway.check.Check;
import dev.slipway.secret.SafeExcerpt;
import dev.slipway.secret.Secret;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.targets.AttemptSettings;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.Target;
import dev.slipway.targets.TargetParts;
import dev.slipway.targets.TargetType;
import dev.slipway.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Runs a command on this host. */
public final class ShellType implements TargetType {
  /** Behind a variable's name: its value is no secret, and logs may show it. */
  private static final String SHOWN = ":shown";

  static final Setting<Optional<String>> COMMAND =
      Setting.optional(
          "DEPLOY_CMD", "shell.command", SettingType.command(), "the command to run here");

  static final Setting<Path> DIRECTORY =
      Setting.computed(
          "DEPLOY_CMD_DIR",
          "shell.directory",
          SettingType.path(),
          "the working directory",
          _ -> Path.of(""),
          "the directory that it runs in");

  static final Setting<Optional<String>> USER =
      Setting.optional(
          "DEPLOY_CMD_USER",
          "shell.user",
          SettingType.text(),
          "the user that it runs as; without one it has Slipway's own rights, see"
              + " [security.md](security.md)");

  static final Setting<List<String>> ENVIRONMENT =
      Setting.of(
          "DEPLOY_CMD_ENV",
          "shell.environment",
          SettingType.list(),
          List.of(),
          "variables of Slipway's own environment that it gets");

  static final Setting<Duration> TIMEOUT =
      Setting.of(
          "DEPLOY_CMD_TIMEOUT",
          "shell.timeout",
          SettingType.duration(),
          Duration.ofMinutes(30),
          "after which it is ended");

  static final Setting<Duration> IDLE_TIMEOUT =
      Setting.of(
          "DEPLOY_CMD_IDLE_TIMEOUT",
          "shell.idle-timeout",
          SettingType.duration(),
          Duration.ofMinutes(10),
          "without output, after which it is ended");

  /** A configured command. */
  public record Configured(ShellConfig config) implements ConfiguredTarget {
    @Override
    public Target create(String name, TargetParts parts) {
      return new Shell(
          name, config, parts.time(), parts.shared(ProcessWatcher.class, ProcessWatcher::new));
    }

    @Override
    public List<Check> checks(String subject, ProviderCalls calls, Time time) {
      return List.of(new ShellCheck(subject, config).check());
    }

    @Override
    public Optional<Path> runDirectory() {
      return Optional.of(config.runs());
    }
  }

  @Override
  public String code() {
    return "shell";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(COMMAND, DIRECTORY, USER, ENVIRONMENT, TIMEOUT, IDLE_TIMEOUT);
  }

  @Override
  public Map<String, Setting<?>> entrySettings() {
    return Map.of(
        "command", COMMAND,
        "directory", DIRECTORY,
        "user", USER,
        "environment", ENVIRONMENT,
        "timeout", TIMEOUT,
        "idle-timeout", IDLE_TIMEOUT);
  }

  @Override
  public Setting<?> required() {
    return COMMAND;
  }

  @Override
  public ConfiguredTarget read(String name, SettingValues values, Path data) {
    Optional<String> command = values.get(COMMAND);
    if (command.isEmpty()) {
      // Checked even where there is no command: its problems are listed with all others
      Map<String, Secret> _ = environment(values);
      return new ConfiguredTarget.Missing(COMMAND);
    }
    ShellConfig config = config(COMMAND.variable(), command.get(), values, data.resolve("runs"));
    Shell.problems(config).forEach(problem -> values.problems().add(name, problem));
    Shell.problemWithUser(config).ifPresent(problem -> values.problem(USER, problem));
    return new Configured(config);
  }

  /**
   * A command with the directory, the user, the environment and the limits of all commands.
   *
   * @param runs where it keeps what is known about its runs
   */
  static ShellConfig config(String setting, String command, SettingValues values, Path runs) {
    Duration timeout = values.get(TIMEOUT);
    return new ShellConfig(
        setting,
        command,
        values.resolve(values.get(DIRECTORY)),
        runs,
        values.get(USER).orElse(null),
        environment(values),
        timeout,
        values.get(IDLE_TIMEOUT),
        AttemptSettings.ofCommand(values, timeout));
  }

  private static Map<String, Secret> environment(SettingValues values) {
    Map<String, Secret> wanted = new TreeMap<>();
    for (String item : values.get(ENVIRONMENT)) {
      boolean shown = item.endsWith(SHOWN);
      String variable = shown ? item.substring(0, item.length() - SHOWN.length()) : item;
      Optional<String> value = values.variable(variable);
      if (value.isEmpty()) {
        values.problem(ENVIRONMENT, "names " + SafeExcerpt.ofName(variable) + ", which is not set");
      } else {
        wanted.put(
            variable,
            shown
                ? new Secret(value.get())
                : values.hideHanded(values.name(ENVIRONMENT), variable, value.get()));
      }
    }
    return wanted;
  }
}
