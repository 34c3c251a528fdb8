package dev.slipway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Deployment;
import dev.slipway.model.Origin;
import dev.slipway.model.PullRequest;
import dev.slipway.model.Repository;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EventReaderTest {
  private static final Instant RECEIVED = Instant.parse("2026-11-21T10:00:05Z");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static ObjectNode event() {
    return (ObjectNode)
        JSON.readTree(
            """
            {"action":"created","deployment":{"id":42,
            "sha":"f95f852bd8fca8fcc58a9a2d6c842781e32a215e","ref":"main","task":"deploy",
            "environment":"staging","payload":{"reason":"because"},"description":"from chat",
            "creator":{"login":"mia","type":"User"},"created_at":"2026-11-21T10:00:00Z",
            "transient_environment":true,"production_environment":true,
            "performed_via_github_app":null},"workflow_run":null,
            "repository":{"id":1296269,"full_name":"octo-org/hello-world","private":false}}\
            """);
  }

  private static Event read(String event, String json) {
    return EventReader.read(
        event,
        "github.com",
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
        RECEIVED);
  }

  private static Event.Created created(UnaryOperator<ObjectNode> change) {
    return (Event.Created) read("deployment", change.apply(event()).toString());
  }

  private static Deployment deployment(String field, String json) {
    return created(event -> with(event, "deployment", field, json)).deployment();
  }

  private static ObjectNode with(ObjectNode event, String parent, String field, String json) {
    ((ObjectNode) event.get(parent)).set(field, JSON.readTree(json));
    return event;
  }

  private static ObjectNode without(ObjectNode event, String parent, String field) {
    ((ObjectNode) event.get(parent)).remove(field);
    return event;
  }

  @Test
  void the_installation_of_a_github_app_is_that_of_its_repository() {
    assertThat(created(event -> event).deployment().repository().installation()).isZero();
    assertThat(
            created(
                    event -> {
                      event.set("installation", JSON.readTree("{\"id\":11,\"node_id\":\"x\"}"));
                      return event;
                    })
                .deployment()
                .repository()
                .installation())
        .isEqualTo(11);
    assertThat(
            created(
                    event -> {
                      event.set("installation", JSON.readTree("{\"id\":\"11\"}"));
                      return event;
                    })
                .deployment()
                .repository()
                .installation())
        .isZero();
  }

  @Test
  void every_field_has_its_place() {
    Event.Created created = created(event -> event);
    Deployment deployment = created.deployment();
    assertThat(deployment.repository())
        .isEqualTo(new dev.slipway.model.Repository("github.com", 1296269, "octo-org/hello-world"));
    assertThat(deployment.githubId()).isEqualTo(42);
    assertThat(deployment.sha()).isEqualTo("f95f852bd8fca8fcc58a9a2d6c842781e32a215e");
    assertThat(deployment.ref()).isEqualTo("main");
    assertThat(deployment.environment())
        .isEqualTo(new dev.slipway.model.Environment("staging", true, true));
    assertThat(deployment.task()).isEqualTo("deploy");
    assertThat(deployment.payload()).isEqualTo("{\"reason\":\"because\"}");
    assertThat(deployment.description()).isEqualTo("from chat");
    assertThat(deployment.creator()).isEqualTo("mia");
    assertThat(deployment.createdAt()).isEqualTo(Instant.parse("2026-11-21T10:00:00Z"));
    assertThat(created.maker()).isEqualTo(new Origin(false, "", "mia", false));
  }

  @Test
  void three_fields_are_enough() {
    Event event =
        read(
            "deployment",
            """
            {"deployment":{"id":1,"sha":"%s"},"repository":{"full_name":"o/r"}}\
            """
                .formatted("AB".repeat(32)));
    assertThat(event).isInstanceOf(Event.Created.class);
    Deployment deployment = ((Event.Created) event).deployment();
    assertThat(deployment.repository().id()).isZero();
    assertThat(deployment.sha()).isEqualTo("AB".repeat(32));
    assertThat(deployment.environment().name()).isEqualTo("production");
    assertThat(deployment.task()).isEqualTo("deploy");
    assertThat(deployment.payload()).isEqualTo("{}");
    assertThat(deployment.createdAt()).isEqualTo(RECEIVED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "0",
        "-1",
        "-0",
        "1.0",
        "1.5",
        "1e3",
        "1e400",
        "\"42\"",
        "true",
        "[42]",
        "{}",
        "9223372036854775808",
        "123456789012345678901234567890"
      })
  void an_id_is_a_positive_whole_number_of_64_bits(String id) {
    assertThat(read("deployment", with(event(), "deployment", "id", id).toString()))
        .isInstanceOf(Event.Invalid.class);
  }

  @ParameterizedTest
  @CsvSource({"9007199254740993", "9223372036854775807", "1"})
  void a_large_id_is_not_rounded(long id) {
    assertThat(deployment("id", Long.toString(id)).githubId()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "42",
        "\"\"",
        "\"main\"",
        "\"f95f852bd8fca8fcc58a9a2d6c842781e32a215\"",
        "\"f95f852bd8fca8fcc58a9a2d6c842781e32a215ee\"",
        "\"f95f852bd8fca8fcc58a9a2d6c842781e32a215g\"",
        "\"f95f852bd8fca8fcc58a9a2d6c842781e32a215e\\n\"",
        "\"--upload-pack=f852bd8fca8fcc58a9a2d6c8427\"",
        "[\"f95f852bd8fca8fcc58a9a2d6c842781e32a215e\"]"
      })
  void a_commit_is_40_or_64_hex_digits(String sha) {
    assertThat(read("deployment", with(event(), "deployment", "sha", sha).toString()))
        .isInstanceOf(Event.Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "1",
        "\"\"",
        "\"hello\"",
        "\"a/b/c\"",
        "\"/b\"",
        "\"a/\"",
        "\"a b/c\"",
        "\"a/b\\n\"",
        "\"../../x\"",
        "\"../..\"",
        "\"a/.\"",
        "\"../a\"",
        "\"a/$(id)\"",
        "\"ü/b\""
      })
  void a_repository_is_owner_and_name(String name) {
    assertThat(read("deployment", with(event(), "repository", "full_name", name).toString()))
        .isInstanceOf(Event.Invalid.class);
  }

  @ParameterizedTest
  @CsvSource({"deployment,id", "deployment,sha", "repository,full_name"})
  void what_is_missing_is_named(String parent, String field) {
    assertThat(read("deployment", without(event(), parent, field).toString()))
        .isInstanceOfSatisfying(
            Event.Invalid.class,
            invalid -> assertThat(invalid.reason()).contains(parent + "." + field));
  }

  @Test
  void an_environment_without_a_name_is_none() {
    assertThat(read("deployment", with(event(), "deployment", "environment", "\"\"").toString()))
        .isEqualTo(new Event.Invalid("deployment.environment is empty"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "\"x\"", "1"})
  void an_object_of_another_type_is_as_good_as_missing(String json) {
    for (String parent : new String[] {"deployment", "repository"}) {
      ObjectNode event = event();
      event.set(parent, JSON.readTree(json));
      assertThat(read("deployment", event.toString())).isInstanceOf(Event.Invalid.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null|{}",
        "{}|{}",
        "\"\"|\"\"",
        "\"text\"|\"text\"",
        "{\"a\":[1,2.5,null]}|{\"a\":[1,2.5,null]}",
        "[1]|[1]",
        "7|7",
        "12345678901234567890|12345678901234567890",
        "1e5|100000.0",
        "{ \"a\" : { \"é/\" : [ ] , \"b\" : { } } }|{\"a\":{\"é/\":[],\"b\":{}}}",
        "\"null\"|\"null\""
      })
  void a_payload_may_be_anything(String json, String kept) {
    assertThat(deployment("payload", json).payload()).isEqualTo(kept);
  }

  @Test
  void a_nul_or_half_a_surrogate_pair_becomes_the_replacement_sign() {
    assertThat(ref("a\\u0000b")).isEqualTo("a\uFFFDb");
    assertThat(ref("\\ud83d!")).isEqualTo("\uFFFD!");
    assertThat(ref("\\ude80")).isEqualTo("\uFFFD");
    assertThat(ref("\\ud83d\\ude80\\u2028")).isEqualTo("🚀\u2028");
  }

  /** The ref as read, from its text in JSON. */
  private static String ref(String escaped) {
    String json = event().toString().replace("\"main\"", "\"" + escaped + "\"");
    return ((Event.Created) read("deployment", json)).deployment().ref();
  }

  @Test
  void a_time_that_is_none_is_the_time_of_arrival() {
    assertThat(deployment("created_at", "\"yesterday\"").createdAt()).isEqualTo(RECEIVED);
    assertThat(deployment("created_at", "1").createdAt()).isEqualTo(RECEIVED);
    assertThat(deployment("created_at", "\"2026-11-21T11:00:00+01:00\"").createdAt())
        .isEqualTo(Instant.parse("2026-11-21T10:00:00Z"));
  }

  @Test
  void the_maker_is_a_workflow_an_app_a_bot_or_a_person() {
    ObjectNode workflow = event();
    workflow.set("workflow_run", JSON.readTree("{\"id\":1}"));
    assertThat(created(_ -> workflow).maker().workflowRun()).isTrue();
    String app = "{\"slug\":\"render\"}";
    assertThat(created(e -> with(e, "deployment", "performed_via_github_app", app)).maker().app())
        .isEqualTo("render");
    String bot = "{\"login\":\"vercel[bot]\",\"type\":\"Bot\"}";
    assertThat(created(e -> with(e, "deployment", "creator", bot)).maker())
        .isEqualTo(new Origin(false, "", "vercel[bot]", true));
    assertThat(created(e -> with(e, "deployment", "creator", "null")).maker())
        .isEqualTo(new Origin(false, "", "", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "\"deployment\"",
        "1",
        "null",
        "{",
        "{}}",
        "{} {}",
        "{}x",
        "{\"a\":1,}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":+1}",
        "{\"a\":01}",
        "{\"a\":.5}",
        "{\"a\":1}//",
        "/**/{}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\0\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "\uFEFF{}"
      })
  void what_is_not_one_strict_json_object_is_invalid(String json) {
    for (String event : new String[] {"deployment", "ping"}) {
      assertThat(read(event, json)).isInstanceOf(Event.Invalid.class);
    }
  }

  @Test
  void another_encoding_than_utf8_is_invalid() {
    for (var charset :
        new java.nio.charset.Charset[] {
          StandardCharsets.UTF_16,
          StandardCharsets.UTF_16LE,
          java.nio.charset.Charset.forName("UTF-32")
        }) {
      byte[] json = event().toString().getBytes(charset);
      assertThat(
              EventReader.read(
                  "deployment", "github.com", new ByteArrayInputStream(json), RECEIVED))
          .isInstanceOf(Event.Invalid.class);
    }
  }

  @Test
  void depth_names_and_numbers_have_limits() {
    assertThat(read("ping", "[".repeat(100_000))).isInstanceOf(Event.Invalid.class);
    assertThat(read("ping", "{\"a\":".repeat(100_000))).isInstanceOf(Event.Invalid.class);
    assertThat(read("ping", "{\"" + "k".repeat(1_000_000) + "\":1}"))
        .isInstanceOf(Event.Invalid.class);
    assertThat(read("ping", "{\"a\":" + "9".repeat(1_000_000) + "}"))
        .isInstanceOf(Event.Invalid.class);
  }

  @Test
  void a_reason_is_one_short_line_that_quotes_nothing_long() {
    Event event = read("x\"y\n" + "z".repeat(200), "{}");
    assertThat(((Event.Ignored) event).reason()).hasSizeLessThan(180).doesNotContain("\n");
    assertThat(((Event.Invalid) read("deployment", "{\"" + "k".repeat(300) + "\" 1}")).reason())
        .hasSizeLessThan(180)
        .doesNotContain("\n", "tools.jackson", "Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"deployment_status", "push", "DEPLOYMENT", "deployment "})
  void other_events_are_ignored(String name) {
    assertThat(read(name, event().toString()))
        .isInstanceOfSatisfying(
            Event.Ignored.class, ignored -> assertThat(ignored.reason()).contains(name));
  }

  @Test
  void an_event_that_is_ignored_is_not_read_at_all() {
    InputStream untouchable =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("was read");
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            throw new AssertionError("was read");
          }
        };
    assertThat(EventReader.read("push", "github.com", untouchable, RECEIVED))
        .isInstanceOf(Event.Ignored.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"id\":1,\"state\":\"success\"}", "null", "1"})
  void the_body_of_a_status_is_no_deployment_though_its_header_says_so(String status) {
    ObjectNode event = event();
    event.set("deployment_status", JSON.readTree(status));
    assertThat(read("deployment", event.toString()))
        .isInstanceOfSatisfying(
            Event.Invalid.class,
            invalid -> assertThat(invalid.reason()).contains("deployment_status"));
  }

  @Test
  void a_payload_has_at_most_a_mebibyte() {
    int most = EventReader.LONGEST_PAYLOAD;
    String inside = "\"" + "x".repeat(most - 2) + "\"";
    assertThat(deployment("payload", inside).payload()).hasSize(most);
    for (String over :
        new String[] {
          "\"" + "x".repeat(most - 1) + "\"",
          "[" + "{\"a\":{}},".repeat(most / 5) + "1]",
          "{\"a\":\"" + "x".repeat(24 * most) + "\"}",
          "\"" + "ü".repeat(most / 2) + "\""
        }) {
      assertThat(read("deployment", with(event(), "deployment", "payload", over).toString()))
          .isInstanceOfSatisfying(
              Event.Invalid.class,
              invalid ->
                  assertThat(invalid.reason())
                      .isEqualTo("deployment.payload is longer than 1,048,576 bytes"));
    }
  }

  @Test
  void what_nobody_asks_for_may_be_of_any_length() {
    ObjectNode event = event();
    event.put("filler", "x".repeat(20_000_000));
    event.set("list", JSON.readTree("[" + "{},".repeat(100_000) + "1]"));
    assertThat(read("deployment", event.toString())).isInstanceOf(Event.Created.class);
  }

  @Test
  void another_action_is_ignored() {
    ObjectNode event = event();
    event.put("action", "deleted");
    assertThat(read("deployment", event.toString()))
        .isInstanceOfSatisfying(
            Event.Ignored.class, ignored -> assertThat(ignored.reason()).contains("deleted"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"events\":[\"deployment\"],\"active\":true,\"config\":{\"content_type\":\"json\",\"insecure_ssl\":\"0\",\"secret\":\"********\"}}|``",
        "{\"events\":[\"*\"]}|``",
        "{\"events\":[\"push\"]}|not subscribed",
        "{\"events\":[]}|not subscribed",
        "{\"config\":{\"content_type\":\"form\",\"secret\":\"x\"}}|content type is form",
        "{\"config\":{\"insecure_ssl\":\"1\",\"secret\":\"x\"}}|SSL verification",
        "{\"config\":{\"insecure_ssl\":1,\"secret\":\"x\"}}|SSL verification",
        "{\"config\":{}}|no secret",
        "{\"active\":false}|not active",
        "null|``",
        "[]|``"
      })
  void a_ping_is_answered_with_what_is_wrong_with_the_hook(String hook, String advice) {
    Event event = read("ping", "{\"zen\":\"Design for failure.\",\"hook\":" + hook + "}");
    assertThat(event)
        .isInstanceOfSatisfying(
            Event.Ping.class,
            ping -> {
              assertThat(ping.advice()).contains(advice);
              assertThat(ping.advice().isEmpty()).isEqualTo(advice.isEmpty());
            });
  }

  private static String closed(String repository, String head) {
    return """
        {"action":"closed","number":12,"pull_request":{"number":12,"merged":false,"closed_at":"2026-11-20T10:00:00Z",
        "url":"https://api.github.com/repos/octo-org/hello-world/pulls/12","head":%s},
        "repository":{"id":1296269,"full_name":"%s"}}"""
        .formatted(head, repository);
  }

  @Test
  void a_pull_request_that_was_closed_is_read() {
    String head =
        "{\"ref\":\"größe/ü 1\",\"sha\":\"ab\",\"repo\":{\"full_name\":\"Octo-Org/hello-world\"}}";

    assertThat(read("pull_request", closed("octo-org/hello-world", head)))
        .isEqualTo(
            new Event.Closed(
                new PullRequest(
                    new Repository("github.com", 1296269, "octo-org/hello-world"),
                    12,
                    "größe/ü 1",
                    "ab",
                    false),
                Instant.parse("2026-11-20T10:00:00Z")));
  }

  @Test
  void a_pull_request_that_says_no_time_was_closed_when_the_event_came() {
    assertThat(
            read(
                "pull_request",
                closed("octo-org/hello-world", "{}").replace("\"2026-11-20T10:00:00Z\"", "null")))
        .isInstanceOfSatisfying(
            Event.Closed.class, event -> assertThat(event.at()).isEqualTo(RECEIVED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ref\":\"main\",\"sha\":\"ab\",\"repo\":{\"full_name\":\"stranger/hello-world\"}}",
        "{\"ref\":\"main\",\"sha\":\"ab\",\"repo\":null}",
        "{}",
        "null"
      })
  void a_branch_that_is_not_surely_of_the_repository_is_of_a_fork(String head) {
    assertThat(read("pull_request", closed("octo-org/hello-world", head)))
        .isInstanceOfSatisfying(
            Event.Closed.class, event -> assertThat(event.pullRequest().isFromFork()).isTrue());
  }

  @Test
  void a_pull_request_without_what_is_needed_is_invalid_and_one_that_stays_open_ignored() {
    assertThat(read("pull_request", closed("octo-org", "{}"))).isInstanceOf(Event.Invalid.class);
    assertThat(read("pull_request", "{\"action\":\"closed\"}")).isInstanceOf(Event.Invalid.class);
    assertThat(read("pull_request", "{\"action\":\"opened\"}"))
        .isEqualTo(new Event.Ignored("pull_request with action \"opened\""));
    assertThat(
            read(
                "pull_request",
                closed("octo-org/hello-world", "{}").replace("api.github.com", "ghes.example")))
        .isInstanceOf(Event.Elsewhere.class);
  }
}
