package dev.slipway.app;

import dev.slipway.secret.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The values of settings, with the name under which each was given. Reading one checks it; what is
 * wrong goes to the problems, and the reader goes on with what stands in for it.
 */
final class SettingValues {
  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,6})\\s*(ms|s|m|h|d)", Pattern.CASE_INSENSITIVE);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Map<SettingKey, Given> given;
  private final Problems problems;
  private final List<String> warnings;
  private final List<Secret> secrets;

  /**
   * A value as it was given.
   *
   * @param name the variable or the place in the file, for messages
   */
  record Given(String name, String value) {
    @Override
    public String toString() {
      return name;
    }
  }

  SettingValues(Map<SettingKey, Given> given, Problems problems) {
    this(given, problems, new ArrayList<>(), new ArrayList<>());
  }

  private SettingValues(
      Map<SettingKey, Given> given,
      Problems problems,
      List<String> warnings,
      List<Secret> secrets) {
    this.given = given;
    this.problems = problems;
    this.warnings = warnings;
    this.secrets = secrets;
  }

  /** The same, with other values for some settings: those of one target in the file. */
  SettingValues with(Map<SettingKey, Given> others) {
    Map<SettingKey, Given> both = new EnumMap<>(SettingKey.class);
    both.putAll(given);
    both.putAll(others);
    return new SettingValues(both, problems, warnings, secrets);
  }

  Problems problems() {
    return problems;
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  List<String> warnings() {
    return warnings;
  }

  /** Every secret that was read, for whoever has to hide them. */
  List<Secret> secrets() {
    return secrets;
  }

  boolean has(SettingKey key) {
    return given.containsKey(key);
  }

  boolean hasAny(SettingKey... keys) {
    return Stream.of(keys).anyMatch(this::has);
  }

  /** What the setting is called where it was given, or its variable. */
  String name(SettingKey key) {
    Given value = given.get(key);
    return value == null ? key.name() : value.name();
  }

  Optional<String> text(SettingKey key) {
    return Optional.ofNullable(given.get(key)).map(Given::value);
  }

  /** A setting that others make necessary. */
  String required(SettingKey key, String because) {
    return text(key)
        .orElseGet(
            () -> {
              problems.add(key.name(), "is not set, but " + because);
              return "";
            });
  }

  Optional<Secret> secret(SettingKey key) {
    return text(key).map(this::noted);
  }

  Secret noted(String value) {
    Secret secret = new Secret(value);
    secrets.add(secret);
    return secret;
  }

  /** A problem of the value, as a sentence that does not begin with its name. */
  <T> T checked(SettingKey key, T value, Optional<String> problem) {
    problem.ifPresent(what -> problems.add(name(key), what));
    return value;
  }

  List<String> list(SettingKey key) {
    return text(key).stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  boolean flag(SettingKey key) {
    return read(
        key,
        false,
        value ->
            switch (value.toLowerCase(Locale.ROOT)) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            },
        "must be true or false");
  }

  int port(SettingKey key, int otherwise, int lowest) {
    return read(
        key,
        otherwise,
        value ->
            value.matches("\\d{1,5}")
                ? Optional.of(Integer.valueOf(value)).filter(p -> p >= lowest && p <= 65535)
                : Optional.empty(),
        "must be a port number from " + lowest + " to 65535");
  }

  int count(SettingKey key, int otherwise) {
    return read(
        key,
        otherwise,
        value -> value.matches("\\d{1,6}") ? Optional.of(Integer.valueOf(value)) : Optional.empty(),
        "must be a whole number from 0 (any number) to 999999");
  }

  Duration duration(SettingKey key, Duration otherwise) {
    return read(
        key,
        otherwise,
        value -> duration(value).filter(Duration::isPositive),
        "must be a time such as 90s, 30m, 2h or 90d");
  }

  private static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      return Optional.of(
          switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          });
    }
    try {
      return Optional.of(Duration.parse(text.strip()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** An address to build others on: http(s), with a host, and nothing behind the path. */
  URI base(SettingKey key, String otherwise) {
    URI base =
        read(
            key,
            URI.create(otherwise),
            SettingValues::base,
            "must be an address such as " + otherwise + ", without user, query and fragment");
    if (has(key) && "http".equals(base.getScheme()) && !LOOPBACK.contains(base.getHost())) {
      warn(name(key) + " is not https: what is sent there can be read on the way");
    }
    return base;
  }

  private static Optional<URI> base(String text) {
    try {
      URI uri = new URI(text.strip());
      boolean good =
          ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      return good ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private <T> T read(
      SettingKey key, T otherwise, Function<String, Optional<T>> reader, String rule) {
    Given value = given.get(key);
    if (value == null) {
      return otherwise;
    }
    Optional<T> read = reader.apply(value.value());
    if (read.isEmpty()) {
      problems.add(value.name(), "\"" + shown(value.value()) + "\" " + rule);
    }
    return read.orElse(otherwise);
  }

  /** A wrong value may be a secret in the wrong place, so no more than its beginning is shown. */
  static String shown(String value) {
    String line = value.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 24 ? line : line.substring(0, 24) + "…";
  }
}
