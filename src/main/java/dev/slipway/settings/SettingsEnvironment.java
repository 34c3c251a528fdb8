package dev.slipway.settings;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads settings from environment variables, and finds those that nobody reads. */
public final class SettingsEnvironment {
  public static final String FILE = "SLIPWAY_CONFIG";

  private static final Set<String> OTHERS = Set.of(FILE, "SLIPWAY_LOG_LEVEL");
  private static final List<String> OURS =
      List.of("SLIPWAY_", "GITHUB_WEBHOOK_", "DEPLOY_CMD", "DEPLOY_SSH");
  private static final List<String> SHARED = List.of("RENDER_", "QOVERY_", "GITHUB_");
  private static final List<String> APP =
      List.of(
          "GITHUB_APP_ID",
          "GITHUB_APP_CLIENT_ID",
          "GITHUB_APP_PRIVATE_KEY",
          "GITHUB_APP_PRIVATE_KEY_FILE");

  /** What a command of ours is given: Slipway may itself be started by one. */
  private static final Set<String> OF_COMMANDS =
      Set.of(
          "SLIPWAY_REPOSITORY",
          "SLIPWAY_HOST",
          "SLIPWAY_SHA",
          "SLIPWAY_REF",
          "SLIPWAY_ENVIRONMENT",
          "SLIPWAY_TASK",
          "SLIPWAY_PAYLOAD",
          "SLIPWAY_PAYLOAD_FILE",
          "SLIPWAY_DESCRIPTION",
          "SLIPWAY_CREATOR",
          "SLIPWAY_DEPLOYMENT_ID",
          "SLIPWAY_RUN",
          "SLIPWAY_OUTPUT");

  private final Map<String, String> environment;
  private final SettingProblems problems;

  public SettingsEnvironment(Map<String, String> environment, SettingProblems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  public Map<SettingKey, SettingValues.GivenValue> values() {
    Map<SettingKey, SettingValues.GivenValue> values = new EnumMap<>(SettingKey.class);
    for (SettingKey key : SettingKey.values()) {
      value(key)
          .ifPresent(value -> values.put(key, new SettingValues.GivenValue(key.name(), value)));
    }
    environment.keySet().stream().sorted().forEach(this::complain);
    return values;
  }

  private Optional<String> value(SettingKey key) {
    Optional<String> plain =
        Optional.ofNullable(environment.get(key.name())).filter(value -> !value.isEmpty());
    String fileName = key.name() + "_FILE";
    Optional<String> file =
        key.isSecret()
            ? Optional.ofNullable(environment.get(fileName)).filter(value -> !value.isEmpty())
            : Optional.empty();
    if (plain.isPresent() && file.isPresent()) {
      problems.add(key.name(), "is set, and so is " + fileName + "; keep one of them");
    }
    return plain.isPresent()
        ? plain
        : file.flatMap(path -> SecretFile.read(fileName, path, problems));
  }

  private void complain(String name) {
    if (APP.contains(name)) {
      problems.add(
          name, "this version posts with GITHUB_TOKEN and cannot be a GitHub App yet; unset it");
      return;
    }
    if (isKnown(name)) {
      return;
    }
    if (OURS.stream().anyMatch(name::startsWith)) {
      problems.add(name, "is not a setting" + suggestion(name, 4));
    } else if (SHARED.stream().anyMatch(name::startsWith)) {
      // Render, Qovery and GitHub set variables of their own where they run us
      String suggestion = suggestion(name, 2);
      if (!suggestion.isEmpty()) {
        problems.add(name, "is not a setting" + suggestion);
      }
    }
  }

  private static boolean isKnown(String name) {
    return OTHERS.contains(name) || OF_COMMANDS.contains(name) || names().anyMatch(name::equals);
  }

  private static Stream<String> names() {
    return Stream.of(SettingKey.values())
        .flatMap(
            key ->
                key.isSecret()
                    ? Stream.of(key.name(), key.name() + "_FILE")
                    : Stream.of(key.name()));
  }

  private static String suggestion(String name, int furthest) {
    return SettingProblems.meant(name, names(), furthest)
        .map(meant -> "; did you mean " + meant + "?")
        .orElse("");
  }
}
