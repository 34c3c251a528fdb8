package dev.slipway.settings;

import dev.slipway.secret.SafeExcerpt;
import dev.slipway.settings.SettingValues.GivenValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The settings file. Every value may name environment variables as <code>${NAME}</code>; a dollar
 * sign before a brace is written twice to stand for itself.
 */
public final class SettingsFile {
  private static final Pattern VARIABLE = Pattern.compile("\\$?\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private static final int FURTHEST = 4;

  private final Map<String, String> environment;
  private final SettingCatalog catalog;
  private final Set<String> structures;
  private final SettingProblems problems;
  private final Map<Setting<?>, GivenValue> values = new LinkedHashMap<>();
  private final Map<String, Object> found = new LinkedHashMap<>();
  private final Map<String, HandedVariable> handed = new LinkedHashMap<>();
  private final List<Path> secretFiles = new ArrayList<>();
  private boolean holdsSecret;

  /**
   * An environment variable whose value stands in a command.
   *
   * @param from the place in the file
   */
  public record HandedVariable(String from, String variable, String value) {
    @Override
    public String toString() {
      return variable;
    }
  }

  /**
   * @param structures keys of what is more than the value of a setting, such as a list of routes;
   *     one that is also a group of settings is that when a group stands there
   */
  public SettingsFile(
      Map<String, String> environment,
      SettingCatalog catalog,
      Set<String> structures,
      SettingProblems problems) {
    this.environment = environment;
    this.catalog = catalog;
    this.structures = structures;
    this.problems = problems;
  }

  /** The values of settings outside structures. */
  public Map<Setting<?>, GivenValue> values() {
    return values;
  }

  /** What stands at the key of a structure, as YAML gives it. */
  public Optional<Object> structure(String key) {
    return Optional.ofNullable(found.get(key));
  }

  /** The environment variables that commands are written with, as far as they were read. */
  public Collection<HandedVariable> handed() {
    return handed.values();
  }

  /** Whether a secret that was read stands in the file itself. */
  public boolean holdsSecret() {
    return holdsSecret;
  }

  /** The other files that it names and secrets come from. */
  public List<Path> secretFiles() {
    return List.copyOf(secretFiles);
  }

  /** Reads a file; what is wrong with it is added to the problems. */
  public void read(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(20);
    options.setNestingDepthLimit(20);
    options.setCodePointLimit(1024 * 1024);
    try {
      Object document = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
      if (document instanceof Map<?, ?> map) {
        flatten("", map);
      } else if (document != null) {
        problems.add(file.toString(), "must hold settings, as name: value");
      }
    } catch (IOException e) {
      problems.add(file.toString(), "cannot be read (" + e + ")");
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      problems.add(file.toString(), "line " + line + ": " + e.getProblem());
    } catch (YAMLException e) {
      problems.add(file.toString(), "is not the YAML that Slipway reads: " + e.getMessage());
    }
  }

  private void flatten(String prefix, Map<?, ?> map) {
    map.forEach((key, value) -> setting(prefix + key, value));
  }

  private void setting(String key, @Nullable Object value) {
    Optional<Setting<?>> setting = catalog.at(key);
    Optional<Setting<?>> fromFile = catalog.fromFile(key);
    if (setting.isPresent()) {
      given(setting.get().type(), key, value).ifPresent(given -> values.put(setting.get(), given));
    } else if (fromFile.isPresent()) {
      givenByFile(key, value).ifPresent(given -> values.put(fromFile.get(), given));
    } else if (structures.contains(key) && !(value instanceof Map<?, ?> && catalog.isGroup(key))) {
      if (value != null) {
        found.put(key, value);
      }
    } else if (value instanceof Map<?, ?> deeper && catalog.isGroup(key)) {
      flatten(key + ".", deeper);
    } else {
      unknown(key);
    }
  }

  private Optional<String> secret(String key, String file) {
    Optional<String> read = SecretFile.read(key, file, problems);
    read.ifPresent(_ -> secretFiles.add(Path.of(file)));
    return read;
  }

  private void unknown(String key) {
    Optional<String> meant =
        SettingProblems.nearest(
            key, Stream.concat(catalog.keys(), structures.stream().sorted()), FURTHEST);
    problems.add(
        SafeExcerpt.ofName(key),
        "is not a setting" + meant.map(name -> "; did you mean " + name + "?").orElse(""));
  }

  /** The value at a place in the file for something of this type; empty when there is none. */
  public Optional<GivenValue> given(SettingType<?> type, String at, @Nullable Object value) {
    if (type.isSecret()) {
      holdsSecret |= value != null && !VARIABLE.matcher(value.toString()).find();
    }
    if (type.isCommand() && value != null) {
      noteHanded(at, value.toString());
    }
    return text(at, value).map(text -> new GivenValue(at, text));
  }

  /** The secret in the file that is named at a place in this one; empty when there is none. */
  public Optional<GivenValue> givenByFile(String at, @Nullable Object named) {
    return text(at, named)
        .flatMap(name -> secret(at, name))
        .map(secret -> new GivenValue(at, secret));
  }

  private void noteHanded(String at, String command) {
    VARIABLE
        .matcher(command)
        .results()
        .filter(found -> !isEscaped(found.group()))
        .map(found -> found.group(1))
        .forEach(
            name -> {
              String value = environment.getOrDefault(name, "");
              if (!value.isEmpty()) {
                handed.put(at + name, new HandedVariable(at, name, value));
              }
            });
  }

  /** A scalar or a list of scalars as text, with the variables put in; nothing when it is empty. */
  private Optional<String> text(String path, @Nullable Object value) {
    return switch (value) {
      case null -> Optional.empty();
      case Map<?, ?> _ -> {
        problems.add(path, "must be a value, not a group of settings");
        yield Optional.empty();
      }
      case List<?> list ->
          Optional.of(
                  list.stream()
                      .flatMap(item -> text(path, item).stream())
                      .collect(Collectors.joining(",")))
              .filter(text -> !text.isEmpty());
      default -> Optional.of(resolved(path, value.toString())).filter(text -> !text.isEmpty());
    };
  }

  private String resolved(String path, String text) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(variable(path, found.group(), found.group(1))));
  }

  private String variable(String path, String written, String name) {
    if (isEscaped(written)) {
      return written.substring(1);
    }
    String value = environment.get(name);
    if (value == null) {
      problems.add(path, "names the environment variable " + name + ", which is not set");
      return "";
    }
    return value;
  }

  private static boolean isEscaped(String written) {
    return written.startsWith("$$");
  }
}
