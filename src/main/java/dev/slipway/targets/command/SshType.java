package dev.slipway.targets.command;

import dev.slipway.check.Check;
import dev.slipway.settings.FilePermissions;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Runs a command on another server. */
public final class SshType implements TargetType {
  static final Setting<Optional<String>> HOST =
      Setting.optional(
          "DEPLOY_SSH_HOST", "ssh.host", SettingType.text(), "the server to run a command on");

  static final Setting<Integer> PORT =
      Setting.of(
          "DEPLOY_SSH_PORT", "ssh.port", SettingType.port(1), 22, "the port of its SSH server");

  static final Setting<Optional<String>> USER =
      Setting.optional(
          "DEPLOY_SSH_USER",
          "ssh.user",
          SettingType.text(),
          "the user to log in as; needed with a host");

  static final Setting<Optional<Path>> KEY_FILE =
      Setting.optional(
          "DEPLOY_SSH_KEY_FILE",
          "ssh.key-file",
          SettingType.path()
              .where(
                  path -> !path.toString().contains("PRIVATE KEY"),
                  "holds a key itself: write the key to a file and set the file's name"),
          "the file of a private key without a passphrase; needed with a host");

  static final Setting<Optional<Path>> KNOWN_HOSTS_FILE =
      Setting.optional(
          "DEPLOY_SSH_KNOWN_HOSTS_FILE",
          "ssh.known-hosts-file",
          SettingType.path(),
          "the file with the server's host key; needed with a host");

  static final Setting<Optional<String>> COMMAND =
      Setting.optional(
          "DEPLOY_SSH_COMMAND",
          "ssh.command",
          SettingType.command(),
          "the command to run there; needed with a host");

  static final Setting<Duration> TIMEOUT =
      Setting.of(
          "DEPLOY_SSH_TIMEOUT",
          "ssh.timeout",
          SettingType.duration(),
          Duration.ofMinutes(30),
          "after which the command is ended");

  static final Setting<Duration> IDLE_TIMEOUT =
      Setting.of(
          "DEPLOY_SSH_IDLE_TIMEOUT",
          "ssh.idle-timeout",
          SettingType.duration(),
          Duration.ofMinutes(10),
          "without output, after which the command is ended");

  /** A configured command. */
  public record Configured(SshConfig config) implements ConfiguredTarget {
    @Override
    public Target create(String name, TargetParts parts) {
      return new Ssh(name, config, parts.time());
    }

    @Override
    public List<Check> checks(String subject, ProviderCalls calls, Time time) {
      return new SshCheck(subject, config).checks();
    }

    @Override
    public Optional<String> exclusiveDestination() {
      return Optional.of(
          "server %s port %d".formatted(config.host().toLowerCase(Locale.ROOT), config.port()));
    }
  }

  @Override
  public String code() {
    return "ssh";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(HOST, PORT, USER, KEY_FILE, KNOWN_HOSTS_FILE, COMMAND, TIMEOUT, IDLE_TIMEOUT);
  }

  @Override
  public Map<String, Setting<?>> entrySettings() {
    return Map.of(
        "host", HOST,
        "port", PORT,
        "user", USER,
        "key-file", KEY_FILE,
        "known-hosts-file", KNOWN_HOSTS_FILE,
        "command", COMMAND,
        "timeout", TIMEOUT,
        "idle-timeout", IDLE_TIMEOUT);
  }

  @Override
  public Setting<?> required() {
    return HOST;
  }

  @Override
  public ConfiguredTarget read(String name, SettingValues values, Path data) {
    Optional<String> host = values.get(HOST);
    if (host.isEmpty()) {
      return new ConfiguredTarget.Missing(HOST);
    }
    String because = values.name(HOST) + " needs it";
    Optional<String> user = values.required(USER, because);
    Optional<Path> keyFile = values.required(KEY_FILE, because);
    Optional<Path> knownHosts = values.required(KNOWN_HOSTS_FILE, because);
    Optional<String> command = values.required(COMMAND, because);
    if (user.isEmpty() || keyFile.isEmpty() || knownHosts.isEmpty() || command.isEmpty()) {
      return new ConfiguredTarget.Missing("not all of its settings are good");
    }
    Duration timeout = values.get(TIMEOUT);
    SshConfig config =
        new SshConfig(
            host.get(),
            values.get(PORT),
            user.get(),
            values.resolve(keyFile.get()),
            values.resolve(knownHosts.get()),
            command.get(),
            timeout,
            values.get(IDLE_TIMEOUT),
            AttemptSettings.ofCommand(values, timeout));
    FilePermissions.problem(config.keyFile())
        .ifPresent(problem -> values.warn(values.name(KEY_FILE) + ": " + problem));
    Ssh.problems(config).forEach(problem -> values.problems().add(name, problem));
    return new Configured(config);
  }
}
