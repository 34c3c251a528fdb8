package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.slipway.cli.ConsoleLog;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values that want to be commands, markup, paths or log lines, and stay text. */
@Isolated
class HostileIT {
  private static final String COMMAND =
      """
      d="$HERE/seen/$SLIPWAY_DEPLOYMENT_ID"; mkdir -p "$d"
      printf %s "$SLIPWAY_REF" > "$d/ref"
      printf %s "$SLIPWAY_ENVIRONMENT" > "$d/environment"
      printf %s "$SLIPWAY_TASK" > "$d/task"
      printf %s "$SLIPWAY_DESCRIPTION" > "$d/description"
      printf %s "$SLIPWAY_CREATOR" > "$d/creator"
      printf %s "$SLIPWAY_PAYLOAD" > "$d/payload"
      cat "$SLIPWAY_PAYLOAD_FILE" > "$d/payload-file"
      printf '%s\\n' "$SLIPWAY_REF"
      echo ran >> "$HERE/ran"
      """;
  private static final Pattern LINE =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z (INFO |WARN |ERROR|DEBUG|TRACE) [\\w.$]+ - .*"
              + "|java.io.IOException: .*|Caused by: .*|\\t.*",
          Pattern.DOTALL);

  @TempDir static Path folder;
  private static CountedDeploys gate;
  private static final ListAppender<ILoggingEvent> LOGGED = new ListAppender<>();
  private static long next = 1;

  @BeforeAll
  static void open() {
    ours().setLevel(Level.TRACE);
    LOGGED.start();
    ours().addAppender(LOGGED);
    gate = new CountedDeploys(folder, COMMAND);
  }

  @AfterAll
  static void nothingElseRan() {
    ours().detachAppender(LOGGED);
    ours().setLevel(null);
    try (CountedDeploys last = gate) {
      last.ranExactlyWhatItAccepted();
    }
  }

  private static Logger ours() {
    return (Logger) LoggerFactory.getLogger("dev.slipway");
  }

  static Stream<Arguments> values() {
    return Stream.of(
            "$(touch PWNED)",
            "`touch PWNED`",
            "; touch PWNED;",
            "&& touch PWNED",
            "| touch PWNED",
            "> PWNED",
            "a\ntouch PWNED\n",
            "\r\ntouch PWNED\r\n",
            "'; touch PWNED; '",
            "\"; touch PWNED; \"",
            "'\"'\"'$(touch PWNED)",
            "\\",
            "\\$(touch PWNED)\\",
            "\\0101\\n\\c%s",
            "-rf",
            "--help",
            "-",
            "../../../../PWNED",
            "/etc/passwd\u2028",
            "<script>alert(1)</script>",
            "\" onmouseover=\"alert(1)",
            "</span></li><img src=x onerror=alert(1)>",
            "javascript:alert(1)",
            "%n%s%x%d",
            "${jndi:ldap://127.0.0.1:1/x}",
            "${SLIPWAY_SHA}#{1+1}{{7*7}}",
            "*",
            "~",
            " \t leading and trailing \t ",
            "\u001b[2J\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007",
            "2026-11-21T10:00:00.000Z ERROR Worker - forged",
            "\n2026-11-21T10:00:00.000Z ERROR Worker - forged",
            "environment_url=https://evil.example/",
            "'; drop table deployment; --",
            "ü🚀\u202Egnp.exe",
            "{\"a\":\"b\"}",
            "A=B",
            "$'\\x41'",
            "x".repeat(65_536))
        .map(value -> Arguments.argumentSet(value.length() > 99 ? "64 KiB" : value, value));
  }

  private static ObjectNode event(long id, String value) {
    ObjectNode event =
        (ObjectNode) SlipwayServer.json(SlipwayServer.event(id, "production", SlipwayServer.SHA));
    ObjectNode deployment = (ObjectNode) event.get("deployment");
    for (String field : List.of("ref", "task", "environment", "description")) {
      deployment.put(field, value);
    }
    deployment.putObject("payload").put(value, value);
    deployment.putObject("creator").put("login", value).put("type", "User");
    return event;
  }

  @ParameterizedTest
  @MethodSource("values")
  void a_hostile_value_reaches_the_command_byte_for_byte_and_stays_text(String value)
      throws IOException {
    long id = next++;
    ObjectNode event = event(id, value);
    gate.accepts(RawDelivery.of(event.toString()));
    List<SlipwayServer.Posted> posted = gate.world.awaitEnd(id);
    assertThat(posted.getLast().state()).as(posted.toString()).isEqualTo("success");

    Path seen = folder.resolve("seen/" + id);
    for (String field : List.of("ref", "environment", "task", "description", "creator")) {
      assertThat(Files.readAllBytes(seen.resolve(field)))
          .as(field)
          .isEqualTo(value.getBytes(StandardCharsets.UTF_8));
    }
    String payload = event.path("deployment").path("payload").toString();
    assertThat(Files.readString(seen.resolve("payload-file"))).isEqualTo(payload);
    boolean fits = payload.length() <= 120 * 1024;
    assertThat(Files.readString(seen.resolve("payload"))).isEqualTo(fits ? payload : "");
    assertThat(posted).noneMatch(status -> status.body().has("environment_url"));
    assertThat(posted).allMatch(status -> status.description().length() <= 140);
    assertThatThePageShowsText(posted.getLast().logUrl());
    assertNothingWasExecuted();
  }

  private static void assertThatThePageShowsText(String logUrl) {
    String page = gate.world.get(URI.create(gate.world.onThisPort(logUrl))).body();
    assertThat(page)
        .contains("Succeeded")
        .doesNotContain("<script>alert", "<img", "href=\"javascript:")
        .doesNotContain("href=\"http://evil", "href=\"https://evil")
        .doesNotContainPattern("<[^>]*(onmouseover|onerror)");
  }

  private static void assertNothingWasExecuted() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(path -> path.getFileName().toString())).doesNotContain("PWNED");
    }
    assertThat(Path.of("PWNED")).doesNotExist();
    assertThat(folder.resolveSibling("PWNED")).doesNotExist();
  }

  @Test
  void markup_is_shown_as_text_on_the_page() {
    long id = next++;
    gate.accepts(RawDelivery.of(event(id, "<script>alert(\"&'\")</script>").toString()));
    String url = gate.world.awaitEnd(id).getLast().logUrl();
    assertThat(gate.world.get(URI.create(gate.world.onThisPort(url))).body())
        .contains("&lt;script&gt;alert(", "&lt;/script&gt;")
        .doesNotContain("<script>alert");
    assertThat(gate.world.plainLog(url)).contains("<script>alert(\"&'\")</script>");
  }

  @Test
  void no_value_writes_a_log_line_of_its_own() throws IOException {
    String forged = "x\n2026-11-21T10:00:00.000Z ERROR Worker - forged\r\n\u2028\u0085forged";
    long id = next++;
    gate.accepts(RawDelivery.of(event(id, forged).toString()));
    gate.world.awaitEnd(id);
    gate.send(
        RawDelivery.of(gate.fresh()).but("X-GitHub-Enterprise-Host", "evil\u000b\u0085forged"));
    gate.send(RawDelivery.of(gate.fresh()).but("X-GitHub-Event", "a\tb"));

    ours().warn("Somebody said {}", forged);
    ours().error("It broke", new IOException(forged, new IOException(forged)));

    List<String> written = written();
    assertThat(written).anyMatch(line -> line.endsWith(" - It broke"));
    assertThat(written)
        .anyMatch(line -> line.startsWith("Caused by: java.io.IOException: x ⏎ 2026"));
    assertThat(written).filteredOn(line -> line.startsWith("Caused by: ")).hasSize(1);
    assertThat(written).anyMatch(line -> line.contains("Deployment"));
    assertThat(written).allMatch(line -> LINE.matcher(line).matches());
    assertThat(written).noneMatch(line -> line.startsWith("2026-11-21T10:00:00.000Z"));
  }

  /** What was logged, the way that the production configuration writes it. */
  private static List<String> written() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    encoder.setPattern(ConsoleLog.PATTERN);
    encoder.start();
    return List.copyOf(LOGGED.list).stream()
        .map(event -> new String(encoder.encode(event), StandardCharsets.UTF_8))
        .flatMap(String::lines)
        .toList();
  }
}
