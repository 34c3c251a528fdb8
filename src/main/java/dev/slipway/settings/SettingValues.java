package dev.slipway.settings;

import dev.slipway.secret.Secret;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;

/**
 * The values of settings, with the name under which each was given. Reading one checks it: what is
 * wrong goes to the problems, and the reader goes on with the default.
 */
public final class SettingValues implements Setting.OtherSettings {
  private static final int SHORTEST_HANDED = 8;

  private final SettingCatalog catalog;
  private final Map<Setting<?>, GivenValue> given;
  private final Surroundings surroundings;
  private final SettingProblems problems;
  private final Collection<Secret> secrets;

  /**
   * A value as it was given.
   *
   * @param name the variable or the place in the file, for messages
   */
  public record GivenValue(String name, String value) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Where Slipway was started.
   *
   * @param environment all environment variables
   * @param directory the working directory
   */
  public record Surroundings(Map<String, String> environment, Path directory) {
    @Override
    public String toString() {
      return directory.toString();
    }
  }

  public SettingValues(
      SettingCatalog catalog,
      Map<Setting<?>, GivenValue> given,
      Surroundings surroundings,
      SettingProblems problems) {
    this(catalog, given, surroundings, problems, new LinkedHashSet<>());
  }

  private SettingValues(
      SettingCatalog catalog,
      Map<Setting<?>, GivenValue> given,
      Surroundings surroundings,
      SettingProblems problems,
      Collection<Secret> secrets) {
    this.catalog = catalog;
    this.given = given;
    this.surroundings = surroundings;
    this.problems = problems;
    this.secrets = secrets;
  }

  /** The same, with other values for some settings: those of one target in the file. */
  public SettingValues with(Map<Setting<?>, GivenValue> others) {
    Map<Setting<?>, GivenValue> both = new HashMap<>(given);
    both.putAll(others);
    return new SettingValues(catalog, both, surroundings, problems, secrets);
  }

  /** The same problems and secrets with these values alone; all other settings are not set. */
  public SettingValues only(Map<Setting<?>, GivenValue> given) {
    return new SettingValues(catalog, given, surroundings, problems, secrets);
  }

  /** The value of a setting, or its default where it is not set or wrong. */
  @Override
  public <T> T get(Setting<T> setting) {
    if (!catalog.has(setting)) {
      throw new IllegalArgumentException(setting + " is in no list of settings");
    }
    GivenValue value = given.get(setting);
    Optional<T> read = value == null ? Optional.empty() : parse(setting.type(), value);
    return read.orElseGet(() -> setting.defaultValue(this));
  }

  /** A setting that others make necessary. */
  public <T> Optional<T> required(Setting<Optional<T>> setting, String because) {
    if (!has(setting)) {
      problems.add(setting.variable(), "is not set, but " + because);
    }
    return get(setting);
  }

  /** Parses a value; empty when it is wrong, which is then a problem. */
  public <T> Optional<T> parse(SettingType<T> type, GivenValue value) {
    if (type.isSecret()) {
      Secret _ = hide(value.value());
    }
    return switch (type.parse(value.value())) {
      case SettingType.Parsed.Value<T>(T parsed) -> {
        type.warning(parsed).ifPresent(what -> warn(value.name() + " " + what));
        yield Optional.of(parsed);
      }
      case SettingType.Parsed.Problem<T>(String sentence) -> {
        problems.add(value.name(), sentence);
        yield Optional.empty();
      }
    };
  }

  /** Whether the setting is set, rightly or wrongly. */
  public boolean has(Setting<?> setting) {
    return given.containsKey(setting);
  }

  /** The name under which the setting was given, or its variable. */
  public String name(Setting<?> setting) {
    GivenValue value = given.get(setting);
    return value == null ? setting.variable() : value.name();
  }

  /** Adds a problem of a setting, as a sentence that begins after its name. */
  public void problem(Setting<?> setting, String sentence) {
    problems.add(name(setting), sentence);
  }

  /** The problems of all values, for those that have no setting of their own. */
  public SettingProblems problems() {
    return problems;
  }

  /** Adds a warning, as a sentence that names the setting. */
  public void warn(String warning) {
    problems.warn(warning);
  }

  @Override
  public Path resolve(Path file) {
    return surroundings.directory().resolve(file);
  }

  /** An environment variable that need not be a setting; empty when it is not set. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(surroundings.environment().get(name))
        .filter(value -> !value.isEmpty());
  }

  /** Every secret that was read, for those who have to hide them. */
  public Collection<Secret> secrets() {
    return secrets;
  }

  /** Adds a secret that is not the whole value of a setting. */
  public Secret hide(String value) {
    Secret secret = new Secret(value);
    secrets.add(secret);
    return secret;
  }

  /**
   * Adds the value of a variable that a command is handed. A value that is too short is shown:
   * hiding it would shred the log.
   *
   * @param from the setting that hands it over
   */
  public Secret hideHanded(String from, String variable, String value) {
    if (value.length() < SHORTEST_HANDED) {
      warn(
          "%s hands %s to a command; it is shorter than %d characters, so logs will show it"
              .formatted(from, variable, SHORTEST_HANDED));
      return new Secret(value);
    }
    return hide(value);
  }
}
