package dev.slipway.configuration;

import dev.slipway.secret.SafeExcerpt;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.settings.SettingValues.GivenValue;
import dev.slipway.settings.SettingsFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is more than the value of a setting in the file: lists, and groups of settings within
 * them. What is wrong becomes a problem that names its place.
 */
record StructureReader(SettingsFile file, SettingValues values) {
  private static final String FILE = "-file";

  /**
   * The entries of a list by their places, in order; none when it is not there.
   *
   * @param what what it must be, as in "a list of routes"
   */
  Map<String, @Nullable Object> entries(String key, String what) {
    Object structure = file.structure(key).orElse(List.of());
    if (!(structure instanceof List<?> list)) {
      problem(key, "must be " + what);
      return Map.of();
    }
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    for (int i = 0; i < list.size(); i++) {
      entries.put(key + "[" + i + "]", list.get(i));
    }
    return entries;
  }

  /**
   * The values of settings that are written in a group under these keys; a secret may stand in the
   * file that its key with {@code -file} names.
   */
  Map<Setting<?>, GivenValue> given(String at, Map<?, ?> map, Map<String, Setting<?>> settings) {
    Map<Setting<?>, GivenValue> given = new LinkedHashMap<>();
    settings.forEach(
        (key, setting) ->
            given(at + "." + key, setting, map.get(key), map.get(key + FILE))
                .ifPresent(value -> given.put(setting, value)));
    return given;
  }

  private Optional<GivenValue> given(
      String at, Setting<?> setting, @Nullable Object value, @Nullable Object named) {
    if (value != null && named != null) {
      problem(at, "is set, and so is " + at + FILE + "; keep one of them");
    }
    return value == null && setting.isSecret()
        ? file.givenByFile(at + FILE, named)
        : file.given(setting.type(), at, value);
  }

  /** The keys of such a group. */
  static Stream<String> keys(Map<String, Setting<?>> settings) {
    return settings.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().isSecret()
                    ? Stream.of(entry.getKey(), entry.getKey() + FILE)
                    : Stream.of(entry.getKey()))
        .sorted();
  }

  /**
   * A group of settings; empty when it is none.
   *
   * @param known its keys; others are problems
   */
  Optional<Map<?, ?>> group(String at, @Nullable Object value, List<String> known) {
    if (!(value instanceof Map<?, ?> map)) {
      problem(at, "must be a group of settings: " + String.join(", ", known));
      return Optional.empty();
    }
    map.keySet().stream()
        .map(String::valueOf)
        .filter(key -> !known.contains(key))
        .forEach(
            key ->
                problem(
                    at + "." + SafeExcerpt.ofName(key),
                    "is not a setting; here are " + String.join(", ", known)));
    return Optional.of(map);
  }

  Optional<String> text(String at, @Nullable Object value) {
    return read(SettingType.text(), at, value);
  }

  <T> Optional<T> read(SettingType<T> type, String at, @Nullable Object value) {
    return file.given(type, at, value).flatMap(given -> values.parse(type, given));
  }

  void problem(String at, String what) {
    values.problems().add(at, what);
  }
}
