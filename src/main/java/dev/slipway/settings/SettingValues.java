package dev.slipway.settings;

import dev.slipway.secret.SafeExcerpt;
import dev.slipway.secret.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
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
public final class SettingValues {
  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,6})\\s*(ms|s|m|h|d)", Pattern.CASE_INSENSITIVE);
  private static final Pattern HEADER =
      Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");
  private static final int SHORTEST_CHOSEN = 16;
  private static final int SHORTEST_HANDED = 8;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Map<SettingKey, GivenValue> given;
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

  public SettingValues(Map<SettingKey, GivenValue> given, SettingProblems problems) {
    this(given, problems, new LinkedHashSet<>());
  }

  private SettingValues(
      Map<SettingKey, GivenValue> given, SettingProblems problems, Collection<Secret> secrets) {
    this.given = given;
    this.problems = problems;
    this.secrets = secrets;
  }

  /** The same, with other values for some settings: those of one target in the file. */
  public SettingValues with(Map<SettingKey, GivenValue> others) {
    Map<SettingKey, GivenValue> both = new EnumMap<>(SettingKey.class);
    both.putAll(given);
    both.putAll(others);
    return new SettingValues(both, problems, secrets);
  }

  public SettingProblems problems() {
    return problems;
  }

  public void warn(String warning) {
    problems.warn(warning);
  }

  /** Every secret that was read, for whoever has to hide them. */
  public Collection<Secret> secrets() {
    return secrets;
  }

  public boolean has(SettingKey key) {
    return given.containsKey(key);
  }

  boolean hasAny(SettingKey... keys) {
    return Stream.of(keys).anyMatch(this::has);
  }

  /** What the setting is called where it was given, or its variable. */
  public String name(SettingKey key) {
    GivenValue value = given.get(key);
    return value == null ? key.name() : value.name();
  }

  public Optional<String> text(SettingKey key) {
    return Optional.ofNullable(given.get(key)).map(GivenValue::value);
  }

  /** A setting that others make necessary. */
  public String required(SettingKey key, String because) {
    return text(key)
        .orElseGet(
            () -> {
              problems.add(key.name(), "is not set, but " + because);
              return "";
            });
  }

  public Optional<Secret> secret(SettingKey key) {
    if (key.isToken() && text(key).filter(value -> !HEADER.matcher(value).matches()).isPresent()) {
      problems.add(
          name(key),
          "begins or ends with a blank, or holds a line end or another character that no header may"
              + " have: set it again without");
    }
    return text(key).map(this::noted);
  }

  /** A secret of ours, which somebody chose and others may try to guess. */
  public Optional<Secret> chosenSecret(SettingKey key) {
    Optional<Secret> secret = secret(key);
    secret.ifPresent(value -> checkLength(name(key), value));
    return secret;
  }

  public void checkLength(String name, Secret secret) {
    if (secret.reveal().length() < SHORTEST_CHOSEN) {
      problems.add(
          name,
          "is shorter than %d characters, which can be guessed: set a longer one, such as the output of"
                  .formatted(SHORTEST_CHOSEN)
              + " openssl rand -hex 32");
    }
  }

  /**
   * A value that a command is handed. Where it is too short, hiding it would shred the log, so it
   * is shown.
   *
   * @param from the setting that hands it over
   */
  public Secret handed(String from, String variable, String value) {
    if (value.length() < SHORTEST_HANDED) {
      warn(
          "%s hands %s to a command; it is shorter than %d characters, so logs will show it"
              .formatted(from, variable, SHORTEST_HANDED));
      return new Secret(value);
    }
    return noted(value);
  }

  public Secret noted(String value) {
    Secret secret = new Secret(value);
    secrets.add(secret);
    return secret;
  }

  /** A problem of the value, as a sentence that does not begin with its name. */
  public <T> T checked(SettingKey key, T value, Optional<String> problem) {
    problem.ifPresent(what -> problems.add(name(key), what));
    return value;
  }

  public List<String> list(SettingKey key) {
    return text(key).stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  public boolean flag(SettingKey key) {
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

  /** Something that can be switched off; the file's YAML makes true and false of on and off. */
  public boolean isOn(SettingKey key) {
    return read(
        key,
        true,
        value ->
            switch (value.toLowerCase(Locale.ROOT)) {
              case "on", "true" -> Optional.of(true);
              case "off", "false" -> Optional.of(false);
              default -> Optional.empty();
            },
        "must be on or off");
  }

  public int port(SettingKey key, int otherwise, int lowest) {
    return read(
        key,
        otherwise,
        value ->
            value.matches("\\d{1,5}")
                ? Optional.of(Integer.valueOf(value)).filter(p -> p >= lowest && p <= 65535)
                : Optional.empty(),
        "must be a port number from " + lowest + " to 65535");
  }

  /** An address of this machine, not a name: a name may come to mean another one. */
  public String address(SettingKey key, String otherwise) {
    return read(
        key,
        otherwise,
        value -> {
          try {
            return Optional.of(InetAddress.ofLiteral(value).getHostAddress());
          } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
          }
        },
        "must be an address of this machine such as 127.0.0.1, 0.0.0.0 (all) or ::1");
  }

  public int count(SettingKey key, int otherwise) {
    return read(
        key,
        otherwise,
        value -> value.matches("\\d{1,6}") ? Optional.of(Integer.valueOf(value)) : Optional.empty(),
        "must be a whole number from 0 (any number) to 999999");
  }

  public Duration duration(SettingKey key, Duration otherwise) {
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
  public URI base(SettingKey key, String otherwise) {
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
    GivenValue value = given.get(key);
    if (value == null) {
      return otherwise;
    }
    Optional<T> read = reader.apply(value.value());
    if (read.isEmpty()) {
      problems.add(value.name(), SafeExcerpt.of(value.value()) + " " + rule);
    }
    return read.orElse(otherwise);
  }
}
