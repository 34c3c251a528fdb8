package dev.slipway.settings;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All settings that there are, found by their variables and by their keys in the file. */
public final class SettingCatalog {
  private static final String FILE = "-file";

  private final List<Setting<?>> settings;
  private final Map<String, Setting<?>> byKey = new LinkedHashMap<>();

  /**
   * @param settings in the order of the documentation; one may be named more than once
   * @throws IllegalArgumentException when two settings have one variable or one key
   */
  public SettingCatalog(Collection<? extends Setting<?>> settings) {
    this.settings = settings.stream().distinct().collect(Collectors.toUnmodifiableList());
    Set<String> variables = new TreeSet<>();
    for (Setting<?> setting : this.settings) {
      if (byKey.put(setting.key(), setting) != null || !variables.add(setting.variable())) {
        throw new IllegalArgumentException(setting + " is declared twice");
      }
    }
  }

  /** In the order of the documentation. */
  public List<Setting<?>> settings() {
    return settings;
  }

  boolean has(Setting<?> setting) {
    return setting.equals(byKey.get(setting.key()));
  }

  Stream<String> keys() {
    return byKey.keySet().stream();
  }

  /** Every variable that is read, with those that name files with secrets. */
  Stream<String> variables() {
    return settings.stream()
        .flatMap(
            setting ->
                setting.isSecret()
                    ? Stream.of(setting.variable(), setting.fileVariable())
                    : Stream.of(setting.variable()));
  }

  Optional<Setting<?>> at(String key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** The secret that a key of the file names a file for. */
  Optional<Setting<?>> fromFile(String key) {
    return key.endsWith(FILE)
        ? at(key.substring(0, key.length() - FILE.length())).filter(Setting::isSecret)
        : Optional.empty();
  }

  /** Whether keys of the file lie below this one. */
  boolean isGroup(String key) {
    return keys().anyMatch(other -> other.startsWith(key + "."));
  }
}
