package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateCommandTest {
  private static final String SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";
  private static final String EVENT =
      """
      {"action":"created","deployment":{"id":42,"sha":"%s","ref":"main","task":"deploy",
      "environment":"production","payload":{},"description":"from chat",
      "creator":{"login":"mia","type":"%s"},"created_at":"2026-11-20T10:00:00Z",
      "performed_via_github_app":null},"workflow_run":null,
      "repository":{"id":7,"full_name":"octo-org/hello-world","private":false}}""";

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void configure() throws Exception {
    environment.put("GITHUB_WEBHOOK_SECRET", "webhook-hush-webhook-hush");
    environment.put("GITHUB_TOKEN", "token-hush");
    environment.put(
        "RENDER_DEPLOY_HOOK_URL", "https://api.render.com/deploy/srv-abc123?key=hook-hush");
    environment.put("DEPLOY_CMD", "./deploy.sh --password command-hush");
    environment.put("DEPLOY_CMD_ENV", "DB_PASSWORD");
    environment.put("DB_PASSWORD", "command-hush");
    Files.writeString(folder.resolve("event.json"), EVENT.formatted(SHA, "User"));
  }

  private int run(String... arguments) throws InterruptedException {
    return new Main(environment, folder, printer(out), printer(err)).run(List.of(arguments));
  }

  private static PrintStream printer(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void the_route_the_chain_and_each_start_are_printed() throws Exception {
    assertThat(run("simulate", "event.json")).isZero();
    assertThat(printed())
        .startsWith(
            """
            Deployment: 42 of octo-org/hello-world to production, f95f852 of main, task deploy
            Decision: accepted, if it is new to the server
            Route: default, queue policy latest
            Chain: render-hook, then shell

            render-hook
              POST https://api.render.com/deploy/srv-abc123?key=***&ref=%s

            """
                .formatted(SHA))
        .contains(
            """
            shell
              /bin/sh in %s
              ./deploy.sh --password ***
              SLIPWAY_REPOSITORY=octo-org/hello-world
            """
                .formatted(folder),
            "  SLIPWAY_SHA=" + SHA + "\n",
            "  DB_PASSWORD=***\n");
    assertThat(complained()).isEmpty();
  }

  @Test
  void no_secret_is_printed_and_nothing_is_written() throws Exception {
    environment.put("RENDER_API_KEY", "rnd_api-key-hush");
    environment.put("RENDER_SERVICE_ID", "srv-abc123");

    assertThat(run("simulate", "event.json")).isZero();
    assertThat(printed()).contains("Authorization: Bearer ***").doesNotContain("hush");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("event.json"));
    }
  }

  @Test
  void a_signed_request_is_printed_without_signature_and_callback_key() throws Exception {
    environment.put("DEPLOY_HTTP_URL", "https://deploy.example.com/slipway");
    environment.put("DEPLOY_HTTP_SECRET", "http-hush-http-hush");
    environment.put("SLIPWAY_PUBLIC_URL", "https://slipway.example.com");

    assertThat(run("simulate", "event.json")).isZero();
    assertThat(printed())
        .contains(
            "http\n  POST https://deploy.example.com/slipway\n",
            "  webhook-id: 0-1-http-",
            "  webhook-signature: ***\n")
        .containsPattern(
            "\"callback_url\":\"https://slipway.example.com/callbacks/0-1-http-\\d+/\\*{3}\"")
        .doesNotContain("hush");
  }

  @Test
  void what_the_event_says_stays_on_its_line_and_commands_no_terminal() throws Exception {
    Files.writeString(
        folder.resolve("event.json"),
        EVENT
            .formatted(SHA, "User")
            .replace("\"main\"", "\"ma\\u001b[2Jin\\nDecision: forged\\u202e\""));

    assertThat(run("simulate", "event.json")).isZero();

    assertThat(printed())
        .contains("of ma [2Jin Decision: forged, task deploy")
        .doesNotContain("\u001b", "\u202e");
    assertThat(printed().lines()).filteredOn(line -> line.startsWith("Decision:")).hasSize(1);
  }

  @Test
  void what_no_route_takes_says_why() throws Exception {
    environment.put("SLIPWAY_ENVIRONMENTS", "staging");

    assertThat(run("simulate", "event.json")).isZero();
    assertThat(printed())
        .contains("Decision: no_route, ", "production", "staging")
        .doesNotContain("Chain");
  }

  @Test
  void what_automation_made_is_turned_away_as_the_route_says() throws Exception {
    Files.writeString(folder.resolve("bot.json"), EVENT.formatted(SHA, "Bot"));

    assertThat(run("simulate", "bot.json")).isZero();
    assertThat(printed()).contains("Decision: foreign, ");
  }

  @Test
  void what_is_no_event_or_no_file_did_not_work() throws Exception {
    Files.writeString(folder.resolve("torn.json"), "{\"action\":");

    assertThat(run("simulate", "torn.json")).isEqualTo(1);
    assertThat(run("simulate", "nowhere.json")).isEqualTo(1);
    assertThat(run("simulate", ".")).isEqualTo(1);
    assertThat(complained())
        .contains(
            "Decision: invalid, ", "There is no file nowhere.json", "Cannot read .: Is a directory")
        .doesNotContain("Exception");
    assertThat(printed()).isEmpty();
  }

  @Test
  void a_wrong_configuration_or_call_is_told_as_by_the_other_commands() throws Exception {
    assertThat(run("simulate")).isEqualTo(2);
    environment.put("DEPLOY_CMD_TIMEOUT", "soon");
    assertThat(run("simulate", "event.json")).isEqualTo(2);
    assertThat(complained()).contains("DEPLOY_CMD_TIMEOUT");
  }

  @Test
  void a_gate_that_would_refuse_it_is_told_with_what_to_do() throws Exception {
    environment.put("SLIPWAY_GATE_REFS", "release/*");

    assertThat(run("simulate", "event.json")).isZero();

    assertThat(printed())
        .endsWith(
            "Decision: gated, gates.refs lets release/* in, not \"main\": deploy one of these\n");
  }
}
