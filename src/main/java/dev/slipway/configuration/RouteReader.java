package dev.slipway.configuration;

import dev.slipway.model.DestroyPolicy;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.ProtectionRules;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.settings.SettingValues.GivenValue;
import dev.slipway.settings.SettingsFile;
import dev.slipway.targets.LiveCheckConfig;
import dev.slipway.targets.LiveCheckSettings;
import dev.slipway.targets.TargetType;
import dev.slipway.targets.command.AfterCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the routes of the settings file. */
final class RouteReader {
  /** Where they stand in the file. */
  static final String ROUTES = "routes";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final List<String> ROUTE =
      List.of(
          "name",
          "match",
          "foreign",
          "queue-key",
          "queue",
          "cancel-running",
          "skip-older-commits",
          "locked",
          "freeze",
          "freeze-override",
          "gates",
          "after-success",
          "after-failure",
          "chain",
          "destroy",
          "delete-deployments");
  private static final Map<String, Setting<?>> QUEUE_SETTINGS =
      Map.of(
          "queue", DefaultRouteSettings.QUEUE,
          "cancel-running", DefaultRouteSettings.CANCEL_RUNNING,
          "skip-older-commits", DefaultRouteSettings.SKIP_OLDER_COMMITS);
  private static final Map<String, Setting<?>> HOLD_SETTINGS =
      Map.of(
          "locked", DefaultRouteSettings.LOCKED,
          "freeze-override", DefaultRouteSettings.FREEZE_OVERRIDE);
  private static final Map<String, Setting<?>> GATE_SETTINGS =
      Map.of(
          "refs", DefaultRouteSettings.GATE_REFS,
          "creators", DefaultRouteSettings.GATE_CREATORS,
          "after", DefaultRouteSettings.GATE_AFTER);
  private static final Map<String, Setting<?>> ORIGIN_SETTINGS =
      Map.of(
          "workflows", DefaultRouteSettings.ALLOW_WORKFLOWS,
          "apps", DefaultRouteSettings.ALLOW_APPS,
          "bots", DefaultRouteSettings.ALLOW_BOTS);

  private final StructureReader file;
  private final SettingValues values;
  private final Path data;
  private final Set<String> names = new HashSet<>();

  RouteReader(SettingsFile file, SettingValues values, Path data) {
    this.file = new StructureReader(file, values);
    this.values = values;
    this.data = data;
  }

  List<RouteConfig> read() {
    List<RouteConfig> routes = new ArrayList<>();
    file.entries(ROUTES, "a list of routes")
        .forEach(
            (at, written) ->
                file.group(at, written, ROUTE).map(map -> route(at, map)).ifPresent(routes::add));
    return routes;
  }

  private RouteConfig route(String at, Map<?, ?> map) {
    String name = file.text(at + ".name", map.get("name")).orElse("");
    if (!NAME.matcher(name).matches()) {
      file.problem(at + ".name", "must be there, in lower case letters, digits and -");
    } else if (name.equals(Route.CHATOPS)) {
      file.problem(
          at + ".name", "\"" + name + "\" is the name of the route that takes ChatOps tasks");
    } else if (!names.add(name)) {
      file.problem(at + ".name", "\"" + name + "\" is the name of another route too");
    }
    List<RouteConfig.Entry> chain = chain(at + ".chain", map.get("chain"));
    List<RouteConfig.Entry> destroy =
        map.containsKey("destroy") ? chain(at + ".destroy", map.get("destroy")) : List.of();
    return new RouteConfig(
        new Route(
            name,
            match(at + ".match", map.get("match")),
            origins(at + ".foreign", map.get("foreign")),
            names(chain),
            file.text(at + ".queue-key", map.get("queue-key")).orElse(null),
            DefaultRouteSettings.queuePolicy(values.only(file.given(at, map, QUEUE_SETTINGS))),
            protection(at, map),
            destroyPolicy(at, map, destroy)),
        chain,
        destroy,
        AfterCommand.read(values.with(file.given(at, map, AfterCommand.entrySettings())), data));
  }

  private DestroyPolicy destroyPolicy(String at, Map<?, ?> map, List<RouteConfig.Entry> destroy) {
    String deleting = at + ".delete-deployments";
    boolean deletes =
        file.read(SettingType.flag(), deleting, map.get("delete-deployments")).orElse(false);
    if (deletes && !map.containsKey("destroy")) {
      file.problem(
          deleting,
          "is true, but only deployments of an environment that was destroyed are deleted: give the"
              + " route a chain \"destroy\"");
    }
    return new DestroyPolicy(names(destroy), deletes);
  }

  private static List<String> names(List<RouteConfig.Entry> chain) {
    return chain.stream().map(RouteConfig.Entry::name).toList();
  }

  private RouteMatch match(String at, @Nullable Object value) {
    List<String> codes = Stream.of(RouteMatch.Part.values()).map(RouteMatch.Part::code).toList();
    return value == null
        ? RouteMatch.ANY
        : file.group(at, value, codes).map(map -> match(at, map)).orElse(RouteMatch.ANY);
  }

  private RouteMatch match(String at, Map<?, ?> map) {
    Map<RouteMatch.Part, List<String>> patterns = new EnumMap<>(RouteMatch.Part.class);
    for (RouteMatch.Part part : RouteMatch.Part.values()) {
      patterns.put(
          part,
          file.read(SettingType.list(), at + "." + part.code(), map.get(part.code()))
              .orElse(List.of()));
    }
    return new RouteMatch(patterns);
  }

  private OriginPolicy origins(String at, @Nullable Object value) {
    return value == null
        ? OriginPolicy.NONE
        : file.group(at, value, ORIGIN_SETTINGS.keySet().stream().sorted().toList())
            .map(
                map ->
                    DefaultRouteSettings.origins(values.only(file.given(at, map, ORIGIN_SETTINGS))))
            .orElse(OriginPolicy.NONE);
  }

  private ProtectionRules protection(String at, Map<?, ?> map) {
    Map<Setting<?>, GivenValue> given = file.given(at, map, HOLD_SETTINGS);
    Object gates = map.get("gates");
    if (gates != null) {
      file.group(at + ".gates", gates, List.of("refs", "creators", "after"))
          .ifPresent(group -> given.putAll(file.given(at + ".gates", group, GATE_SETTINGS)));
    }
    return DefaultRouteSettings.protection(
        values.only(given), new FreezeReader(file).read(at + ".freeze", map.get("freeze")));
  }

  private List<RouteConfig.Entry> chain(String at, @Nullable Object value) {
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      file.problem(at, "must be a list with at least one target");
      return List.of();
    }
    List<RouteConfig.Entry> chain = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String place = at + "[" + i + "]";
      entry(place, list.get(i))
          .ifPresent(
              target -> {
                if (!used.add(target.name())) {
                  file.problem(
                      place, "\"" + target.name() + "\" is in the chain twice: give it a name");
                }
                chain.add(target);
              });
    }
    return chain;
  }

  private Optional<RouteConfig.Entry> entry(String at, @Nullable Object value) {
    String code =
        value instanceof String only
            ? only
            : value instanceof Map<?, ?> map && map.size() == 1
                ? String.valueOf(map.keySet().iterator().next())
                : "";
    Optional<TargetType> type = TargetTypes.of(code);
    if (type.isEmpty()) {
      file.problem(
          at,
          "must be one of "
              + TargetTypes.codes().collect(Collectors.joining(", "))
              + ", with its settings");
      return Optional.empty();
    }
    Object settings = value instanceof Map<?, ?> map ? map.get(code) : null;
    return entry(at + "." + code, type.get(), settings == null ? Map.of() : settings);
  }

  private Optional<RouteConfig.Entry> entry(String at, TargetType type, Object settings) {
    List<String> known =
        Stream.concat(Stream.of("name", "check"), StructureReader.keys(type.entrySettings()))
            .toList();
    Optional<Map<?, ?>> map = file.group(at, settings, known);
    if (map.isEmpty()) {
      return Optional.empty();
    }
    String name = file.text(at + ".name", map.get().get("name")).orElse(type.code());
    if (!NAME.matcher(name).matches()) {
      file.problem(at + ".name", "must be lower case letters, digits and -");
    }
    Map<Setting<?>, GivenValue> own = file.given(at, map.get(), type.entrySettings());
    SettingValues both = values.with(own);
    // As outside routes: wrong is a problem and secret is hidden even where nothing uses it
    own.keySet().forEach(both::get);
    if (!both.has(type.required())) {
      file.problem(at, "needs " + requiredIn(type));
      return Optional.empty();
    }
    return Optional.of(
        new RouteConfig.Entry(
            name, type.read(name, both, data), check(at + ".check", map.get().get("check"))));
  }

  /** Of this target alone: another one's address would say nothing about it. */
  private Optional<LiveCheckConfig> check(String at, @Nullable Object value) {
    if (value == null) {
      return Optional.empty();
    }
    return file.group(at, value, LiveCheckSettings.BY_NAME.keySet().stream().sorted().toList())
        .flatMap(
            map -> {
              Map<Setting<?>, GivenValue> own = file.given(at, map, LiveCheckSettings.BY_NAME);
              if (!own.containsKey(LiveCheckSettings.URL)) {
                file.problem(at, "needs url");
              }
              return LiveCheckSettings.read(values.only(own));
            });
  }

  private static String requiredIn(TargetType type) {
    return type.entrySettings().entrySet().stream()
        .filter(entry -> entry.getValue().equals(type.required()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }
}
