package dev.slipway.configuration;

import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.secret.SafeExcerpt;
import dev.slipway.settings.SettingKey;
import dev.slipway.settings.SettingValues;
import dev.slipway.settings.SettingsFile;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the routes of the settings file. */
final class RouteReader {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final List<String> ROUTE =
      List.of(
          "name",
          "match",
          "foreign",
          "lock",
          "line",
          "cancel-running",
          "skip-older-commits",
          "chain");
  private static final List<String> MATCH =
      Stream.of(RouteMatch.Part.values()).map(RouteMatch.Part::code).toList();
  private static final List<String> FOREIGN = List.of("workflows", "apps", "bots");

  private final SettingsFile file;
  private final SettingValues values;
  private final ReaderOf readers;
  private final Set<String> names = new HashSet<>();

  /** Makes the reader for one target's own values. */
  interface ReaderOf {
    TargetReader reader(SettingValues values);
  }

  RouteReader(SettingsFile file, SettingValues values, ReaderOf readers) {
    this.file = file;
    this.values = values;
    this.readers = readers;
  }

  List<RouteConfig> read() {
    List<RouteConfig> routes = new ArrayList<>();
    for (int i = 0; i < file.routes().size(); i++) {
      String at = SettingsFile.ROUTES + "[" + i + "]";
      group(at, file.routes().get(i), ROUTE).map(map -> route(at, map)).ifPresent(routes::add);
    }
    return routes;
  }

  private RouteConfig route(String at, Map<?, ?> map) {
    String name = text(at + ".name", map.get("name")).orElse("");
    if (!NAME.matcher(name).matches()) {
      problem(at + ".name", "must be there, in lower case letters, digits and -");
    } else if (!names.add(name)) {
      problem(at + ".name", "\"" + name + "\" is the name of another route too");
    }
    List<TargetSettings> chain = chain(at + ".chain", map.get("chain"));
    return new RouteConfig(
        new Route(
            name,
            match(at + ".match", map.get("match")),
            foreign(at + ".foreign", map.get("foreign")),
            chain.stream().map(TargetSettings::name).toList(),
            text(at + ".lock", map.get("lock")).orElse(null),
            line(at, map)),
        chain);
  }

  private QueuePolicy line(String at, Map<?, ?> map) {
    String policy = at + ".line";
    String cancel = at + ".cancel-running";
    return new QueuePolicyReader(values.problems())
        .read(
            new QueuePolicyReader.Named<>(
                policy, text(policy, map.get("line")).orElse(QueuePolicy.LATEST.policy().code())),
            new QueuePolicyReader.Named<>(cancel, flag(cancel, map.get("cancel-running"))),
            flag(at + ".skip-older-commits", map.get("skip-older-commits")));
  }

  private RouteMatch match(String at, @Nullable Object value) {
    if (value == null) {
      return RouteMatch.ANY;
    }
    return group(at, value, MATCH).map(map -> match(at, map)).orElse(RouteMatch.ANY);
  }

  private RouteMatch match(String at, Map<?, ?> map) {
    Map<RouteMatch.Part, List<String>> patterns = new EnumMap<>(RouteMatch.Part.class);
    for (RouteMatch.Part part : RouteMatch.Part.values()) {
      patterns.put(part, list(at + "." + part.code(), map.get(part.code())));
    }
    return new RouteMatch(patterns);
  }

  private OriginPolicy foreign(String at, @Nullable Object value) {
    if (value == null) {
      return OriginPolicy.NONE;
    }
    return group(at, value, FOREIGN)
        .map(
            map ->
                new OriginPolicy(
                    flag(at + ".workflows", map.get("workflows")),
                    Set.copyOf(list(at + ".apps", map.get("apps"))),
                    Set.copyOf(list(at + ".bots", map.get("bots")))))
        .orElse(OriginPolicy.NONE);
  }

  private List<TargetSettings> chain(String at, @Nullable Object value) {
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      problem(at, "must be a list with at least one target");
      return List.of();
    }
    List<TargetSettings> chain = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String place = at + "[" + i + "]";
      target(place, list.get(i))
          .ifPresent(
              target -> {
                if (!used.add(target.name())) {
                  problem(place, "\"" + target.name() + "\" is in the chain twice: give it a name");
                }
                chain.add(target);
              });
    }
    return chain;
  }

  private Optional<TargetSettings> target(String at, @Nullable Object value) {
    String word =
        value instanceof String only
            ? only
            : value instanceof Map<?, ?> map && map.size() == 1
                ? String.valueOf(map.keySet().iterator().next())
                : "";
    Optional<TargetType> type = TargetType.named(word);
    if (type.isEmpty()) {
      problem(
          at,
          "must be one of "
              + String.join(", ", Stream.of(TargetType.values()).map(TargetType::code).toList())
              + ", with its settings");
      return Optional.empty();
    }
    Object settings = value instanceof Map<?, ?> map ? map.get(word) : null;
    return target(at + "." + word, type.get(), settings == null ? Map.of() : settings);
  }

  private Optional<TargetSettings> target(String at, TargetType type, Object settings) {
    Map<SettingKey, SettingValues.GivenValue> own = new EnumMap<>(SettingKey.class);
    List<String> known =
        Stream.concat(Stream.of("name"), type.keys().keySet().stream().sorted()).toList();
    Optional<Map<?, ?>> map = group(at, settings, known);
    if (map.isEmpty()) {
      return Optional.empty();
    }
    type.keys()
        .forEach(
            (name, key) -> {
              if (key.isSecret()) {
                file.noteSecret(map.get().get(name));
              }
              text(at + "." + name, map.get().get(name))
                  .ifPresent(
                      text -> own.put(key, new SettingValues.GivenValue(at + "." + name, text)));
            });
    String name = text(at + ".name", map.get().get("name")).orElse(type.code());
    if (!NAME.matcher(name).matches()) {
      problem(at + ".name", "must be lower case letters, digits and -");
    }
    SettingValues both = values.with(own);
    own.keySet().stream().filter(SettingKey::isSecret).forEach(both::secret);
    if (!both.has(type.chief())) {
      problem(at, "needs " + chiefIn(type));
      return Optional.empty();
    }
    return Optional.of(readers.reader(both).read(type, name));
  }

  private static String chiefIn(TargetType type) {
    return type.keys().entrySet().stream()
        .filter(entry -> entry.getValue() == type.chief())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private Optional<Map<?, ?>> group(String at, @Nullable Object value, List<String> known) {
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

  private Optional<String> text(String at, @Nullable Object value) {
    return file.text(at, value);
  }

  private List<String> list(String at, @Nullable Object value) {
    return text(at, value).stream()
        .flatMap(text -> Stream.of(text.split(",")))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private boolean flag(String at, @Nullable Object value) {
    String text = text(at, value).orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      problem(at, "must be true or false");
    }
    return text.equals("true");
  }

  private void problem(String at, String what) {
    values.problems().add(at, what);
  }
}
