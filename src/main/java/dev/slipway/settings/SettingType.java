package dev.slipway.settings;

import dev.slipway.secret.SafeExcerpt;
import dev.slipway.secret.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the value of a setting may be: how its text is parsed, which bounds it has, and how a value
 * is written.
 */
public final class SettingType<T> {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  private static final Pattern HEADER =
      Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");
  private static final int SHORTEST_CHOSEN = 16;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Kind kind;
  private final Function<String, Parsed<T>> parser;
  private final Function<T, String> writer;
  private final Function<T, Optional<String>> warner;

  /** How the text has to be handled before it is parsed. */
  private enum Kind {
    PLAIN,
    SECRET,
    COMMAND
  }

  /** What came of parsing a text. */
  sealed interface Parsed<T> {
    /** A value within its bounds. */
    record Value<T>(T value) implements Parsed<T> {}

    /** What is wrong, as a sentence that begins after the name of the setting. */
    record Problem<T>(String sentence) implements Parsed<T> {}
  }

  private SettingType(
      Kind kind,
      Function<String, Parsed<T>> parser,
      Function<T, String> writer,
      Function<T, Optional<String>> warner) {
    this.kind = kind;
    this.parser = parser;
    this.writer = writer;
    this.warner = warner;
  }

  /**
   * Any type.
   *
   * @param parser empty for a text that is no value
   * @param writer how a value is written; empty for a value that stands for none
   * @param rule what a text must be, as in "must be true or false"
   */
  public static <T> SettingType<T> of(
      Function<String, Optional<T>> parser, Function<T, String> writer, String rule) {
    return new SettingType<>(
        Kind.PLAIN,
        text ->
            parser
                .apply(text)
                .<Parsed<T>>map(Parsed.Value::new)
                .orElseGet(() -> new Parsed.Problem<>(SafeExcerpt.of(text) + " " + rule)),
        writer,
        _ -> Optional.empty());
  }

  /** Any text. */
  public static SettingType<String> text() {
    return text(_ -> Optional.empty());
  }

  /**
   * A text that has to pass a check.
   *
   * @param problem what is wrong with it, as a sentence that shows no more than may be shown
   */
  public static SettingType<String> text(Function<String, Optional<String>> problem) {
    return new SettingType<>(
        Kind.PLAIN, text -> checked(text, problem), text -> text, _ -> Optional.empty());
  }

  private static Parsed<String> checked(String text, Function<String, Optional<String>> problem) {
    return problem
        .apply(text)
        .<Parsed<String>>map(Parsed.Problem::new)
        .orElseGet(() -> new Parsed.Value<>(text));
  }

  /** A command line; the variables that the file puts into it are hidden in logs. */
  public static SettingType<String> command() {
    return new SettingType<>(Kind.COMMAND, Parsed.Value::new, text -> text, _ -> Optional.empty());
  }

  /** Texts, with commas between them. */
  public static SettingType<List<String>> list() {
    return new SettingType<>(
        Kind.PLAIN,
        text -> new Parsed.Value<>(items(text)),
        items -> String.join(",", items),
        _ -> Optional.empty());
  }

  private static List<String> items(String text) {
    return Stream.of(text.split(",")).map(String::strip).filter(item -> !item.isEmpty()).toList();
  }

  /** One of these values, each written as its code. */
  public static <T> SettingType<T> oneOf(List<T> values, Function<T, String> code) {
    return of(
        text -> values.stream().filter(value -> code.apply(value).equals(text)).findFirst(),
        code,
        "must be one of " + values.stream().map(code).collect(Collectors.joining(", ")));
  }

  /** {@code true} or {@code false}. */
  public static SettingType<Boolean> flag() {
    return of(
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            },
        String::valueOf,
        "must be true or false");
  }

  /** {@code on} or {@code off}; YAML makes true and false of these words. */
  public static SettingType<Boolean> onOff() {
    return of(
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "on", "true" -> Optional.of(true);
              case "off", "false" -> Optional.of(false);
              default -> Optional.empty();
            },
        on -> on ? "on" : "off",
        "must be on or off");
  }

  /** A port from the lowest that is allowed. */
  public static SettingType<Integer> port(int lowest) {
    return of(
        text ->
            text.matches("\\d{1,5}")
                ? Optional.of(Integer.valueOf(text)).filter(p -> p >= lowest && p <= 65535)
                : Optional.empty(),
        String::valueOf,
        "must be a port number from " + lowest + " to 65535");
  }

  /** A number of things, 0 for any number. */
  public static SettingType<Integer> count() {
    return of(
        text -> text.matches("\\d{1,6}") ? Optional.of(Integer.valueOf(text)) : Optional.empty(),
        String::valueOf,
        "must be a whole number from 0 (any number) to 999999");
  }

  /**
   * A number of bytes, such as {@code 512KiB} or {@code 1MiB}; {@code 0} for none.
   *
   * @param mostMib the greatest, in MiB
   */
  public static SettingType<Long> size(int mostMib) {
    long most = mostMib * MIB;
    return of(
        text -> bytes(text).filter(bytes -> bytes <= most),
        SettingType::written,
        "must be 0, or a size such as 512KiB or 1MiB, and at most " + written(most));
  }

  private static Optional<Long> bytes(String text) {
    if (text.equals("0")) {
      return Optional.of(0L);
    }
    return text.matches("\\d{1,6}[KM]iB")
        ? Optional.of(
            Long.parseLong(text.substring(0, text.length() - 3))
                * (text.endsWith("KiB") ? KIB : MIB))
        : Optional.empty();
  }

  private static String written(long bytes) {
    if (bytes == 0) {
      return "0";
    }
    return bytes % MIB == 0 ? bytes / MIB + "MiB" : bytes / KIB + "KiB";
  }

  /** An address of this machine, not a name: a name may come to mean another one. */
  public static SettingType<String> localAddress() {
    return of(
        text -> {
          try {
            return Optional.of(InetAddress.ofLiteral(text).getHostAddress());
          } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
          }
        },
        address -> address,
        "must be an address of this machine such as 127.0.0.1, 0.0.0.0 (all) or ::1");
  }

  /** A time that is longer than none. */
  public static SettingType<Duration> duration() {
    return of(
        text -> DurationText.parse(text).filter(Duration::isPositive),
        DurationText::of,
        "must be a time such as 90s, 30m, 2h or 90d");
  }

  /** A time, or zero, which is written {@code off}; YAML makes false of that word. */
  public static SettingType<Duration> durationOrOff() {
    return of(
        text ->
            text.strip().matches("(?i)off|false|0+\\s*(ms|s|m|h|d)?")
                ? Optional.of(Duration.ZERO)
                : DurationText.parse(text).filter(Duration::isPositive),
        time -> time.isZero() ? "off" : DurationText.of(time),
        "must be a time such as 90s, 30m, 2h or 90d, or off");
  }

  /** A file or a directory; a relative one is relative to the working directory. */
  public static SettingType<Path> path() {
    return of(
        text -> {
          try {
            return Optional.of(Path.of(text));
          } catch (InvalidPathException unusable) {
            return Optional.empty();
          }
        },
        Path::toString,
        "must be the name of a file");
  }

  /**
   * An address to build others on: http(s), with a host, and nothing behind the path. One that is
   * neither https nor of this machine is warned of.
   */
  public static SettingType<URI> baseUrl(String example) {
    SettingType<URI> url =
        of(
            SettingType::base,
            URI::toString,
            "must be an address such as " + example + ", without user, query and fragment");
    return new SettingType<>(
        url.kind,
        url.parser,
        url.writer,
        base ->
            "http".equals(base.getScheme()) && !LOOPBACK.contains(base.getHost())
                ? Optional.of("is not https: what is sent there can be read on the way")
                : Optional.empty());
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

  /** A secret that somebody else chose, as it is. */
  public static SettingType<Secret> secret() {
    return new SettingType<>(
        Kind.SECRET,
        text -> new Parsed.Value<>(new Secret(text)),
        Secret::toString,
        _ -> Optional.empty());
  }

  /** A secret of ours, which somebody chose and others may try to guess. */
  public static SettingType<Secret> chosenSecret() {
    return secret()
        .where(
            secret -> secret.reveal().length() >= SHORTEST_CHOSEN,
            "is shorter than %d characters, which can be guessed: set a longer one, such as the output of"
                    .formatted(SHORTEST_CHOSEN)
                + " openssl rand -hex 32");
  }

  /** A secret that somebody else chose and that is sent in the header of a request. */
  public static SettingType<Secret> token() {
    return inHeader(secret());
  }

  /** A secret of ours that is sent in the header of a request. */
  public static SettingType<Secret> chosenToken() {
    return inHeader(chosenSecret());
  }

  private static SettingType<Secret> inHeader(SettingType<Secret> secret) {
    return secret.where(
        token -> HEADER.matcher(token.reveal()).matches(),
        "begins or ends with a blank, or holds a line end or another character that no header may"
            + " have: set it again without");
  }

  /**
   * The same type with a bound.
   *
   * @param sentence what is wrong with a value outside it; the value itself is not shown
   */
  public SettingType<T> where(Predicate<T> bound, String sentence) {
    return new SettingType<>(
        kind,
        text ->
            switch (parser.apply(text)) {
              case Parsed.Value<T>(T value) when !bound.test(value) ->
                  new Parsed.Problem<>(sentence);
              case Parsed<T> other -> other;
            },
        writer,
        warner);
  }

  SettingType<Optional<T>> optional() {
    return new SettingType<>(
        kind,
        text ->
            switch (parser.apply(text)) {
              case Parsed.Value<T>(T value) -> new Parsed.Value<>(Optional.of(value));
              case Parsed.Problem<T>(String sentence) -> new Parsed.Problem<>(sentence);
            },
        value -> value.map(writer).orElse(""),
        value -> value.flatMap(warner));
  }

  Parsed<T> parse(String text) {
    return parser.apply(text);
  }

  /** How a value is written in the environment or the file. */
  String format(T value) {
    return writer.apply(value);
  }

  /** What is allowed but probably not meant, as a sentence that begins after the name. */
  Optional<String> warning(T value) {
    return warner.apply(value);
  }

  boolean isSecret() {
    return kind == Kind.SECRET;
  }

  boolean isCommand() {
    return kind == Kind.COMMAND;
  }
}
