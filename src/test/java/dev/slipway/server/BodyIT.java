package dev.slipway.server;

import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed bodies that are no deployment: bytes, JSON and forms. */
class BodyIT {
  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir static Path folder;
  private static CountedDeploys gate;

  @BeforeAll
  static void open() {
    gate = new CountedDeploys(folder);
  }

  @AfterAll
  static void nothingElseRan() {
    try (CountedDeploys last = gate) {
      last.ranExactlyWhatItAccepted();
    }
  }

  private static Arguments bad(String name, UnaryOperator<String> change) {
    return Arguments.argumentSet(name, change);
  }

  private static UnaryOperator<String> swap(String from, String to) {
    return body -> body.replaceFirst(from, java.util.regex.Matcher.quoteReplacement(to));
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        bad("empty", _ -> ""),
        bad("array", body -> "[" + body + "]"),
        bad("string", _ -> "\"deployment\""),
        bad("null", _ -> "null"),
        bad("half", body -> body.substring(0, body.length() / 2)),
        bad("trailing bytes", body -> body + "x"),
        bad("two documents", body -> body + body),
        bad("byte order mark", body -> "\uFEFF" + body),
        bad("raw NUL in a string", swap("from chat", "from\0chat")),
        bad("raw NUL at the end", body -> body + "\0"),
        bad("raw line end in a string", swap("from chat", "from\nchat")),
        bad("comment", body -> "/* */" + body),
        bad("depth", body -> body.replace("{\"reason\":\"because\"}", "[".repeat(100_000))),
        bad(
            "closed depth",
            swap("\\{\"reason\":\"because\"\\}", "[".repeat(900) + "]".repeat(900))),
        bad("1 MB key", swap("\"reason\"", "\"" + "k".repeat(1_000_000) + "\"")),
        bad("duplicate key", swap("\"ref\":", "\"sha\":\"" + SlipwayServer.SHA + "\",\"ref\":")),
        bad("duplicate id", swap("\"sha\":", "\"id\":7,\"sha\":")),
        bad("escaped duplicate key", swap("\"ref\":", "\"sh\\u0061\":\"x\",\"ref\":")),
        bad("NaN", swap("\"because\"", "NaN")),
        bad("Infinity", swap("\"because\"", "-Infinity")),
        bad("id 1e400", swap("\"id\":\\d+", "\"id\":1e400")),
        bad("id 2^63", swap("\"id\":\\d+", "\"id\":9223372036854775808")),
        bad("id -0", swap("\"id\":\\d+", "\"id\":-0")),
        bad("id 0", swap("\"id\":\\d+", "\"id\":0")),
        bad("id -1", swap("\"id\":\\d+", "\"id\":-1")),
        bad("id as text", swap("\"id\":\\d+", "\"id\":\"42\"")),
        bad("id null", swap("\"id\":\\d+", "\"id\":null")),
        bad("id missing", swap("\"id\":\\d+,", "")),
        bad("id 1.5", swap("\"id\":\\d+", "\"id\":1.5")),
        bad("id of a million digits", swap("\"id\":\\d+", "\"id\":" + "9".repeat(1_000_000))),
        bad("sha missing", swap("\"sha\":\"\\w+\",", "")),
        bad("sha null", swap("\"sha\":\"\\w+\"", "\"sha\":null")),
        bad("sha short", swap("\"sha\":\"\\w", "\"sha\":\"")),
        bad("sha a branch", swap("\"sha\":\"\\w+\"", "\"sha\":\"main\"")),
        bad("sha an option", swap("\"sha\":\"\\w+\"", "\"sha\":\"--force\"")),
        bad(
            "sha with a line end",
            swap("\"sha\":\"(\\w+)\"", "\"sha\":\"" + SlipwayServer.SHA + "\\n\"")),
        bad("sha a command", swap("\"sha\":\"\\w+\"", "\"sha\":\"$(touch pwned)\"")),
        bad("sha a number", swap("\"sha\":\"\\w+\"", "\"sha\":" + "1".repeat(40))),
        bad("repository missing", swap("\"repository\"", "\"repo\"")),
        bad("repository null", swap("\"repository\":\\{.*\\}", "\"repository\":null}")),
        bad("repository a text", swap("\"octo-org/hello-world\"", "\"hello-world\"")),
        bad("repository a path", swap("\"octo-org/hello-world\"", "\"../../etc\"")),
        bad("deployment missing", swap("\"deployment\"", "\"deploy\"")),
        bad("deployment an array", _ -> "{\"deployment\":[],\"repository\":{}}"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void a_body_that_is_no_deployment_is_refused(UnaryOperator<String> change) {
    String genuine = gate.fresh();
    String body = change.apply(genuine);
    org.assertj.core.api.Assertions.assertThat(body).isNotEqualTo(genuine);
    gate.refuses(RawDelivery.of(body), 400, "\"error\":\"invalid\"");
  }

  @Test
  void bytes_that_are_no_utf8_are_refused() {
    for (Charset charset :
        new Charset[] {
          StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16, Charset.forName("UTF-32LE")
        }) {
      gate.refuses(
          RawDelivery.of(gate.fresh().replace("from chat", "für ÿ").getBytes(charset)),
          400,
          "invalid");
    }
    String body = gate.fresh().replace("from chat", "\u00ed\u00a0\u0080");
    gate.refuses(RawDelivery.of(body.getBytes(StandardCharsets.ISO_8859_1)), 400, "UTF-8");
  }

  @Test
  void large_and_odd_numbers_elsewhere_do_no_harm() {
    gate.accepts(
        RawDelivery.of(gate.fresh().replace("\"because\"", "[1e400,-0,9007199254740993,1e-400]")));
    gate.accepts(
        RawDelivery.of(SlipwayServer.event(9007199254740993L, "production", SlipwayServer.SHA)));
    gate.decides(
        RawDelivery.of(SlipwayServer.event(9007199254740993L, "production", SlipwayServer.SHA)),
        202,
        "duplicate");
  }

  @Test
  void a_form_with_its_payload_is_taken() {
    String json = gate.fresh().replace("from chat", "50% + 1 & more = ü🚀");
    String escaped = URLEncoder.encode(json, StandardCharsets.UTF_8);
    gate.accepts(RawDelivery.of("payload=" + escaped).but("Content-Type", FORM));
    gate.decides(
        RawDelivery.of("payload=" + escaped.replace("+", "%20"))
            .but("Content-Type", FORM + "; charset=UTF-8"),
        202,
        "duplicate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x=JSON",
        "PAYLOAD=JSON",
        "payload",
        "payload=JSON&payload=JSON",
        "payload=%zz",
        "payload=%7",
        "payload=%u007B",
        "payload=JSON%",
        "payload=%FF",
        "payload=",
        "payload=payload%3DJSON",
        "payload=%EF%BB%BFJSON",
        "JSON"
      })
  void a_form_without_exactly_one_good_payload_is_refused(String form) {
    String json = URLEncoder.encode(gate.fresh(), StandardCharsets.UTF_8);
    gate.refuses(RawDelivery.of(form.replace("JSON", json)).but("Content-Type", FORM), 400);
  }

  @Test
  void a_payload_in_the_query_counts_for_nothing() {
    String query = "payload=" + URLEncoder.encode(gate.fresh(), StandardCharsets.UTF_8);
    gate.refuses(
        RawDelivery.of("").path("/webhooks/github?" + query).but("Content-Type", FORM),
        400,
        "payload");
    gate.refuses(RawDelivery.of("").path("/webhooks/github?" + query), 400, "empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text/plain",
        "text/xml",
        "application/xml",
        "application/jsonx",
        "application/json, text/plain",
        "application/json; charset=utf-16",
        "application/json;charset=iso-8859-1",
        "application/x-www-form-urlencoded; charset=iso-8859-1",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "a/b/c;;=\"",
        "application/octet-stream"
      })
  void another_content_type_is_refused(String type) {
    gate.refuses(RawDelivery.of(gate.fresh()).but("Content-Type", type), 415, "application/json");
  }

  @Test
  void two_content_types_or_none_are_refused() {
    gate.refuses(RawDelivery.of(gate.fresh()).with("Content-Type", "application/json"), 415);
    gate.refuses(RawDelivery.of(gate.fresh()).without("Content-Type"), 415);
  }
}
