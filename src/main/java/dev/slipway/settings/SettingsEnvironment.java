package dev.slipway.settings;

import dev.slipway.settings.SettingValues.GivenValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads settings from environment variables, and finds those that nobody reads. */
public final class SettingsEnvironment {
  private static final Pattern TWO_WORDS = Pattern.compile("[A-Z0-9]+_[A-Z0-9]+");

  /** What begins so is ours alone. */
  private static final Set<String> OURS = Set.of("SLIPWAY_", "GITHUB_WEBHOOK_");

  private static final String DEPLOY = "DEPLOY_";
  private static final int FURTHEST_OF_OURS = 4;
  private static final int FURTHEST_OF_OTHERS = 2;

  private final Map<String, String> environment;
  private final SettingCatalog catalog;
  private final SettingProblems problems;

  public SettingsEnvironment(
      Map<String, String> environment, SettingCatalog catalog, SettingProblems problems) {
    this.environment = environment;
    this.catalog = catalog;
    this.problems = problems;
  }

  /** The values of settings; secrets may come from the files that variables name. */
  public Map<Setting<?>, GivenValue> values() {
    Map<Setting<?>, GivenValue> values = new LinkedHashMap<>();
    for (Setting<?> setting : catalog.settings()) {
      value(setting)
          .ifPresent(value -> values.put(setting, new GivenValue(setting.variable(), value)));
    }
    return values;
  }

  private Optional<String> value(Setting<?> setting) {
    Optional<String> plain = variable(setting.variable());
    Optional<String> file =
        setting.isSecret() ? variable(setting.fileVariable()) : Optional.empty();
    if (plain.isPresent() && file.isPresent()) {
      problems.add(
          setting.variable(), "is set, and so is " + setting.fileVariable() + "; keep one of them");
    }
    return plain.isPresent()
        ? plain
        : file.flatMap(path -> SecretFile.read(setting.fileVariable(), path, problems));
  }

  /** The files that variables name and secrets come from. */
  public List<Path> secretFiles() {
    return catalog.settings().stream()
        .filter(Setting::isSecret)
        .filter(setting -> variable(setting.variable()).isEmpty())
        .flatMap(setting -> variable(setting.fileVariable()).stream())
        .map(Path::of)
        .distinct()
        .toList();
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /**
   * Finds misspelt variables: those with a name that only we use, and those that are nearly a
   * setting.
   *
   * @param others variables that are no settings and yet known
   */
  public void findUnknown(Set<String> others) {
    environment.keySet().stream()
        .filter(name -> !others.contains(name))
        .filter(name -> catalog.variables().noneMatch(name::equals))
        .sorted()
        .forEach(this::findUnknown);
  }

  private void findUnknown(String name) {
    if (isOurs(name)) {
      problems.add(name, "is not a setting" + suggestion(name, FURTHEST_OF_OURS));
    } else if (isShared(name)) {
      // Render, Qovery and GitHub set variables of their own where they run us
      String suggestion = suggestion(name, FURTHEST_OF_OTHERS);
      if (!suggestion.isEmpty()) {
        problems.add(name, "is not a setting" + suggestion);
      }
    }
  }

  private boolean isOurs(String name) {
    return Stream.concat(OURS.stream(), deployPrefixes()).anyMatch(name::startsWith);
  }

  /** {@code DEPLOY_CMD}, {@code DEPLOY_SSH} …: others may have variables that begin so too. */
  private Stream<String> deployPrefixes() {
    return catalog
        .variables()
        .filter(variable -> variable.startsWith(DEPLOY))
        .map(TWO_WORDS::matcher)
        .filter(Matcher::lookingAt)
        .map(Matcher::group);
  }

  /** Whether it begins like a setting that is called after its group: {@code RENDER_} … */
  private boolean isShared(String name) {
    return catalog.settings().stream()
        .filter(setting -> setting.key().contains("."))
        .map(
            setting ->
                setting.key().substring(0, setting.key().indexOf('.')).toUpperCase(Locale.ROOT)
                    + "_")
        .anyMatch(
            group ->
                name.startsWith(group)
                    && catalog.variables().anyMatch(variable -> variable.startsWith(group)));
  }

  private String suggestion(String name, int furthest) {
    return SettingProblems.nearest(name, catalog.variables(), furthest)
        .map(meant -> "; did you mean " + meant + "?")
        .orElse("");
  }
}
