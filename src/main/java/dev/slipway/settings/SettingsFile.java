package dev.slipway.settings;

import dev.slipway.secret.SafeExcerpt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  public static final String ROUTES = "routes";
  public static final String WEBHOOK_SECRETS = "github.webhook-secrets";

  private static final Pattern VARIABLE = Pattern.compile("\\$?\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private final Map<String, String> environment;
  private final SettingProblems problems;
  private final Map<SettingKey, SettingValues.GivenValue> values = new EnumMap<>(SettingKey.class);
  private final Map<String, String> webhookSecrets = new LinkedHashMap<>();
  private final List<Object> routes = new ArrayList<>();
  private final Map<String, Handed> handed = new LinkedHashMap<>();
  private boolean holdsSecret;

  /**
   * An environment variable whose value stands in a command.
   *
   * @param from the place in the file
   */
  public record Handed(String from, String variable, String value) {
    @Override
    public String toString() {
      return variable;
    }
  }

  public SettingsFile(Map<String, String> environment, SettingProblems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  public Map<SettingKey, SettingValues.GivenValue> values() {
    return values;
  }

  /** More webhook secrets, by name. */
  public Map<String, String> webhookSecrets() {
    return webhookSecrets;
  }

  /** The routes as they stand there. */
  public List<Object> routes() {
    return routes;
  }

  /** The environment variables that commands are written with, as far as they were read. */
  public Collection<Handed> handed() {
    return handed.values();
  }

  /** Remembers that a secret stands in the file itself. */
  public void noteSecret(@Nullable Object value) {
    holdsSecret |= value != null && !VARIABLE.matcher(value.toString()).find();
  }

  /** Whether a secret that was read stands in the file itself. */
  public boolean holdsSecret() {
    return holdsSecret;
  }

  public SettingsFile read(Path file) {
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
    return this;
  }

  private void flatten(String prefix, Map<?, ?> map) {
    map.forEach((key, value) -> setting(prefix + key, value));
  }

  private void setting(String path, @Nullable Object value) {
    Optional<SettingKey> key = SettingKey.atPath(path);
    Optional<SettingKey> fromFile =
        path.endsWith("-file")
            ? SettingKey.atPath(path.substring(0, path.length() - "-file".length()))
                .filter(SettingKey::isSecret)
            : Optional.empty();
    if (key.isPresent()) {
      if (key.get().isSecret()) {
        noteSecret(value);
      }
      text(path, value)
          .ifPresent(text -> values.put(key.get(), new SettingValues.GivenValue(path, text)));
    } else if (fromFile.isPresent()) {
      text(path, value)
          .flatMap(named -> SecretFile.read(path, named, problems))
          .ifPresent(text -> values.put(fromFile.get(), new SettingValues.GivenValue(path, text)));
    } else if (path.equals(ROUTES)) {
      if (value instanceof List<?> list) {
        routes.addAll(list);
      } else {
        problems.add(path, "must be a list of routes");
      }
    } else if (path.equals(WEBHOOK_SECRETS)) {
      secrets(path, value);
    } else if (value instanceof Map<?, ?> deeper && isBegun(path)) {
      flatten(path + ".", deeper);
    } else {
      unknown(path, Stream.of(SettingKey.values()).map(SettingKey::path));
    }
  }

  private static boolean isBegun(String path) {
    return Stream.of(SettingKey.values()).anyMatch(key -> key.path().startsWith(path + "."));
  }

  void unknown(String path, Stream<String> known) {
    Optional<String> meant =
        SettingProblems.meant(path, Stream.concat(known, Stream.of(ROUTES, WEBHOOK_SECRETS)), 4);
    problems.add(
        SafeExcerpt.ofName(path),
        "is not a setting" + meant.map(name -> "; did you mean " + name + "?").orElse(""));
  }

  private void secrets(String path, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, secret) -> {
            noteSecret(secret);
            text(path + "." + name, secret)
                .ifPresent(text -> webhookSecrets.put(String.valueOf(name), text));
          });
    } else {
      problems.add(path, "must be secrets by name, as name: ${VARIABLE}");
    }
  }

  /** A scalar or a list of scalars as text, with the variables put in; nothing when it is empty. */
  public Optional<String> text(String path, @Nullable Object value) {
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
    if (written.startsWith("$$")) {
      return written.substring(1);
    }
    String value = environment.get(name);
    if (value == null) {
      problems.add(path, "names the environment variable " + name + ", which is not set");
      return "";
    }
    if (path.endsWith(".command") && !value.isEmpty()) {
      handed.put(path + name, new Handed(path, name, value));
    }
    return value;
  }
}
