package dev.slipway.targets.command;

import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a command that runs here.
 *
 * @param setting the name of the setting that holds the command, for messages
 * @param command the operator's command line, run by {@code /bin/sh -c}
 * @param runs directory in which each run keeps its output and exit code, so that a restarted
 *     Slipway finds them
 * @param user whose rights the command has; null for our own
 * @param environment variables that the command gets besides {@code SLIPWAY_…}, {@code PATH},
 *     {@code HOME}, {@code LANG} and {@code TZ}
 * @param timeout after which the command is ended, whatever it does
 * @param idleTimeout without any output after which it is ended
 */
public record ShellConfig(
    String setting,
    String command,
    Path workingDirectory,
    Path runs,
    @Nullable String user,
    Map<String, Secret> environment,
    Duration timeout,
    Duration idleTimeout,
    AttemptLimits limits) {
  public ShellConfig {
    environment = Map.copyOf(environment);
  }

  /** The command that deploys. */
  public ShellConfig(
      String command,
      Path workingDirectory,
      Path runs,
      @Nullable String user,
      Map<String, Secret> environment,
      Duration timeout,
      Duration idleTimeout,
      AttemptLimits limits) {
    this(
        "DEPLOY_CMD",
        command,
        workingDirectory,
        runs,
        user,
        environment,
        timeout,
        idleTimeout,
        limits);
  }

  /** The same with other variables. */
  public ShellConfig with(Map<String, Secret> variables) {
    return new ShellConfig(
        setting, command, workingDirectory, runs, user, variables, timeout, idleTimeout, limits);
  }
}
