package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.cli.Main;
import dev.slipway.github.AppKeys;
import dev.slipway.store.TestDatabases;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** {@code doctor} beside a server, and MockServer in the place of GitHub: exact calls and words. */
class DoctorIT {
  private static final String REPOSITORY = "/repos/octo-org/hello-world";
  private static final String APPLICATION = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
  private static final String PING =
      """
      {"zen":"Keep it logically awesome.","hook_id":77,"hook":{"type":"Repository","id":77,
      "active":true,"events":["deployment"],"config":{"content_type":"json","insecure_ssl":"0",
      "secret":"********"}},"repository":{"id":1296269,"full_name":"octo-org/hello-world"}}\
      """;

  @TempDir Path folder;
  private SlipwayServer world;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void start() {
    world = new SlipwayServer(folder);
    world
        .set("DEPLOY_CMD", "true")
        .set("SLIPWAY_REPOSITORIES", "octo-org/hello-world,octo-org/other-*");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void github(String path, int status, String body, String... headers) {
    var answer =
        response(body)
            .withStatusCode(status)
            .withHeader("Content-Type", "application/json")
            .withHeader(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.now().atOffset(ZoneOffset.UTC)));
    for (int i = 0; i < headers.length; i += 2) {
      answer.withHeader(headers[i], headers[i + 1]);
    }
    world.services.when(request().withMethod("GET").withPath(path)).respond(answer);
  }

  private void githubIsWell(String hookAddress) {
    github("/meta", 200, "{\"installed_version\":\"3.19.0\"}");
    github(
        "/rate_limit",
        200,
        "{\"resources\":{\"core\":{\"limit\":5000,\"remaining\":4321,\"reset\":1}}}");
    github(
        REPOSITORY,
        200,
        "{\"id\":1296269,\"full_name\":\"octo-org/hello-world\",\"permissions\":{\"push\":true}}",
        "X-OAuth-Scopes",
        "repo_deployment, gist");
    github(REPOSITORY + "/deployments", 200, "[]");
    github(
        REPOSITORY + "/hooks",
        200,
        """
        [{"id":5,"active":true,"events":["push"],"config":{"url":"https://ci.example.com"}},
        {"id":77,"active":true,"events":["deployment"],"config":{"url":"%s","secret":"********",
        "content_type":"json","insecure_ssl":"0"}}]\
        """
            .formatted(hookAddress));
    github(
        REPOSITORY + "/hooks/77/deliveries",
        200,
        """
        [{"id":3,"guid":"a","delivered_at":"%s","status":"OK","status_code":202}]\
        """
            .formatted(Instant.now()));
  }

  /** The settings of the server that runs, with the port that it found. */
  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(world.environment());
    settings.put("PORT", Integer.toString(world.at("/").getPort()));
    settings.put("SLIPWAY_PUBLIC_URL", "http://127.0.0.1:" + world.at("/").getPort());
    return settings;
  }

  private int run(Map<String, String> settings, String... command) throws InterruptedException {
    return new Main(
            settings,
            folder,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(List.of(command));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void where_all_is_well_each_check_is_a_line_and_the_exit_code_is_0() throws Exception {
    world.start();
    Map<String, String> settings = settings();
    githubIsWell(settings.get("SLIPWAY_PUBLIC_URL") + "/webhooks/github");
    assertThat(world.deliver("ping", PING.getBytes(StandardCharsets.UTF_8)).statusCode())
        .isEqualTo(200);
    assertThat(world.deliver(SlipwayServer.event()).statusCode()).isEqualTo(202);
    world.awaitEnd();

    assertThat(run(settings, "doctor")).as(printed()).isZero();

    assertThat(printed().lines())
        .anyMatch(
            line -> line.matches("ok       configuration: is valid|warning  configuration: .*"))
        .anyMatch(line -> line.matches("ok       data directory: .* MiB free"))
        .anyMatch(line -> line.matches("ok       server: answers at http://127.0.0.1:\\d+/: UP"))
        .contains("ok       database: the server writes to it")
        .anyMatch(
            line ->
                line.matches(
                    "ok       webhook secret: the last ping came \\d+ s ago and fits the secret"
                        + " \"current\""))
        .anyMatch(line -> line.matches("ok       last delivery: \\d+ s ago"))
        .anyMatch(
            line ->
                line.matches(
                    "ok       public address: http://127.0.0.1:\\d+ leads to this Slipway, seen from"
                        + " here"))
        .contains(
            "ok       GitHub API: GitHub Enterprise Server 3.19.0 answers at " + world.base(),
            "ok       GitHub credential: GitHub takes it",
            "ok       GitHub rate limit: 4321 of 5000 calls are left in this hour",
            "ok       repository octo-org/hello-world: is seen",
            "ok       statuses of octo-org/hello-world: the token may post them (push access, scope"
                + " repo_deployment or repo)",
            "ok       webhook of octo-org/hello-world: is active, signs, and is subscribed to"
                + " deployment events",
            "ok       deliveries of octo-org/hello-world: 1 within 3 days, none failed")
        .noneMatch(line -> line.contains("octo-org/other"));
    assertThat(printed()).doesNotContain(SlipwayServer.SECRET, "ghp_0123456789");
    assertThat(world.calls())
        .containsOnlyOnce(
            "GET /meta",
            "GET /rate_limit",
            "GET " + REPOSITORY,
            "GET " + REPOSITORY + "/deployments?per_page=1",
            "GET " + REPOSITORY + "/hooks?per_page=100",
            "GET " + REPOSITORY + "/hooks/77/deliveries?per_page=100")
        .noneMatch(call -> !call.startsWith("GET "));
  }

  @Test
  void what_is_wrong_is_said_with_what_to_do_and_the_exit_code_is_1() throws Exception {
    github("/meta", 401, "{\"message\":\"Bad credentials\"}");
    github("/rate_limit", 401, "{\"message\":\"Bad credentials\"}");
    github(REPOSITORY, 404, "{\"message\":\"Not Found\"}");
    github(REPOSITORY + "/hooks", 404, "{\"message\":\"Not Found\"}");
    Map<String, String> settings = new HashMap<>(world.environment());
    settings.put("PORT", "1");
    settings.put("SLIPWAY_PUBLIC_URL", world.base());
    Path secret = folder.resolve("webhook-secret");
    Files.writeString(secret, SlipwayServer.SECRET);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    settings.remove("GITHUB_WEBHOOK_SECRET");
    settings.put("GITHUB_WEBHOOK_SECRET_FILE", secret.toString());

    assertThat(run(settings, "doctor", "--json")).isEqualTo(1);

    JsonNode results = SlipwayServer.json(printed());
    assertThat(
            results
                .valueStream()
                .map(one -> one.path("check").asString() + ": " + one.path("result").asString()))
        .contains(
            "configuration: warning",
            "secret file " + secret + ": warning",
            "data directory: ok",
            "server: skipped",
            "database: skipped",
            "public address: failure",
            "GitHub API: ok",
            "GitHub credential: failure",
            "clock: ok",
            "GitHub rate limit: skipped",
            "repository octo-org/hello-world: failure",
            "webhook of octo-org/hello-world: skipped");
    assertThat(
            results
                .valueStream()
                .filter(one -> one.path("check").asString().equals("GitHub credential")))
        .singleElement()
        .hasToString(
            "{\"check\":\"GitHub credential\",\"result\":\"failure\",\"detail\":\"GitHub answered"
                + " 401: Bad credentials\",\"advice\":\"GITHUB_TOKEN is wrong or has expired: set a"
                + " new one and restart the server\"}");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void what_two_checks_could_tell_is_told_once() throws Exception {
    githubIsWell("http://127.0.0.1:1/webhooks/github");
    Map<String, String> settings = new HashMap<>(world.environment());
    settings.put("PORT", "1");
    Path secret = folder.resolve("webhook-secret");
    Files.writeString(secret, SlipwayServer.SECRET);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    settings.remove("GITHUB_WEBHOOK_SECRET");
    settings.remove("SLIPWAY_PUBLIC_URL");
    settings.put("GITHUB_WEBHOOK_SECRET_FILE", secret.toString());

    assertThat(run(settings, "doctor")).as(printed()).isZero();

    assertThat(printed().lines().filter(line -> line.contains(secret.toString())))
        .singleElement()
        .asString()
        .startsWith("warning  secret file " + secret + ": every user of this machine can read");
    assertThat(printed().lines().filter(line -> line.contains("SLIPWAY_PUBLIC_URL is not set")))
        .singleElement()
        .asString()
        .startsWith("warning  public address: ");
  }

  @Test
  void a_missing_credential_is_told_once() throws Exception {
    githubIsWell("http://127.0.0.1:1/webhooks/github");
    Map<String, String> settings = new HashMap<>(world.environment());
    settings.remove("GITHUB_TOKEN");

    assertThat(run(settings, "doctor")).as(printed()).isEqualTo(1);

    assertThat(printed().lines().filter(line -> line.contains("nor is a GitHub App")))
        .singleElement()
        .asString()
        .startsWith("failure  GitHub credential: ");
  }

  @ParameterizedTest
  @EnumSource
  void an_address_that_leads_to_another_slipway_is_wrong(
      TestDatabases kind, @TempDir Path elsewhere) throws Exception {
    world.set("SLIPWAY_DATABASE_URL", kind.url()).start();
    try (SlipwayServer another = new SlipwayServer(elsewhere).set("DEPLOY_CMD", "true").start()) {
      githubIsWell(another.at("/webhooks/github").toString());
      Map<String, String> settings = settings();
      String here = settings.get("SLIPWAY_PUBLIC_URL");
      String there = "http://127.0.0.1:" + another.at("/").getPort();
      settings.put("SLIPWAY_PUBLIC_URL", there);

      assertThat(run(settings, "doctor")).isEqualTo(1);
      assertThat(printed())
          .contains(
              "failure  public address: "
                  + there
                  + " leads to another Slipway, which does not know our log links →");

      settings.put("SLIPWAY_PUBLIC_URL", here);
      assertThat(run(settings, "doctor")).isZero();
      assertThat(printed())
          .contains("ok       public address: " + here + " leads to this Slipway, seen from here");
    }
  }

  @Test
  void of_a_github_app_its_webhook_and_its_events_are_looked_at() throws Exception {
    Files.writeString(
        folder.resolve("slipway.yml"),
        """
        routes:
          - name: previews
            chain: [{shell: {command: "true"}}]
            destroy: [{shell: {command: "true"}}]
        """);
    github(
        "/app",
        200,
        "{\"name\":\"Slipway Acme\",\"permissions\":{\"deployments\":\"write\"},\"events\":[\"deployment\"]}");
    github(
        "/app/hook/config",
        200,
        "{\"url\":\"https://ci.example.com/hook\",\"content_type\":\"json\",\"insecure_ssl\":\"0\",\"secret\":\"********\"}");
    Map<String, String> settings = new HashMap<>(world.environment());
    settings.remove("DEPLOY_CMD");
    settings.remove("SLIPWAY_REPOSITORIES");
    settings.remove("GITHUB_TOKEN");
    settings.put("GITHUB_APP_ID", "12345");
    settings.put("GITHUB_APP_PRIVATE_KEY", AppKeys.pkcs1(AppKeys.PAIR));
    settings.put("SLIPWAY_PUBLIC_URL", "https://deploy.example.com");

    assertThat(run(settings, "check", "--online"))
        .as(err.toString(StandardCharsets.UTF_8))
        .isZero();

    assertThat(printed())
        .contains(
            "ok       GitHub App: Slipway Acme may write deployments, and tells of them",
            "warning  GitHub App: Slipway Acme does not subscribe to pull requests",
            "warning  webhook of the GitHub App: leads to https://ci.example.com/hook → on GitHub,"
                + " in the webhook's settings: set its address to"
                + " https://deploy.example.com/webhooks/github, unless")
        .doesNotContain("********");
    assertThat(world.calls()).containsExactlyInAnyOrder("GET /app", "GET /app/hook/config");
  }

  @Test
  void beside_no_server_the_database_is_asked_and_keeps_no_trace() throws Exception {
    githubIsWell("http://127.0.0.1:1/webhooks/github");
    world.start();
    world.stop();
    byte[] before = Files.readAllBytes(folder.resolve("data/slipway.db"));
    Map<String, String> settings = new HashMap<>(world.environment());
    settings.put("PORT", "1");

    assertThat(run(settings, "doctor")).as(printed()).isZero();

    assertThat(printed())
        .contains("skipped  server: none answers at http://127.0.0.1:1/ → start it")
        .contains("ok       database: can be written")
        .contains("skipped  webhook secret: no ping was let in yet")
        .contains("warning  last delivery: GitHub has delivered nothing yet");
    assertThat(Files.readAllBytes(folder.resolve("data/slipway.db"))).isEqualTo(before);
  }

  @Test
  void check_asks_others_only_when_it_is_told_to() throws Exception {
    githubIsWell("http://127.0.0.1:1/webhooks/github");
    Map<String, String> settings = new HashMap<>(world.environment());
    settings.put("SLIPWAY_PUBLIC_URL", "http://127.0.0.1:1");

    assertThat(run(settings, "check")).isZero();
    assertThat(world.calls()).isEmpty();
    assertThat(run(settings, "check", "--online")).isZero();

    assertThat(printed())
        .contains("The configuration is fine.\n")
        .contains("ok       GitHub rate limit: 4321 of 5000")
        .doesNotContain("data directory", "public address");
    assertThat(world.calls()).contains("GET /meta").noneMatch(call -> !call.startsWith("GET "));
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void every_target_brings_its_own_checks_and_none_starts_anything() throws Exception {
    githubIsWell("http://127.0.0.1:1/webhooks/github");
    github(
        "/v1/services/srv-abc",
        200,
        "{\"id\":\"srv-abc\",\"autoDeploy\":\"yes\",\"suspended\":\"suspended\"}");
    github("/application/" + APPLICATION, 401, "{\"message\":\"no qovery-token-of-the-test\"}");
    Map<String, String> settings = new HashMap<>(world.environment());
    settings.put("RENDER_DEPLOY_HOOK_URL", world.base() + "/deploy/srv-abc?key=hook-hush");
    settings.put("RENDER_API_KEY", "rnd_key-of-the-test");
    settings.put("QOVERY_APPLICATION_ID", APPLICATION);
    settings.put("QOVERY_API_TOKEN", "qovery-token-of-the-test");
    settings.put("DEPLOY_HTTP_URL", world.base() + "/receiver");
    settings.put("DEPLOY_HTTP_SECRET", "secret-of-the-receiver-hush");
    settings.put("DEPLOY_CMD", "/no/such/program");

    assertThat(run(settings, "check", "--online")).isEqualTo(1);

    assertThat(printed().lines())
        .contains(
            "failure  render-hook of route default: Render has suspended service srv-abc → resume it in"
                + " Render's dashboard: while it is suspended nothing is deployed",
            "failure  shell of route default: the command begins with /no/such/program, which is not"
                + " there → look at DEPLOY_CMD and DEPLOY_CMD_DIR",
            "ok       http of route default: %s/ is reached; the receiver itself is not called to find out"
                .formatted(world.base()))
        .anyMatch(
            line -> line.startsWith("warning  render-hook of route default, auto-deploy: is on"))
        .anyMatch(
            line ->
                line.startsWith(
                    "failure  qovery-application of route default: Qovery does not show its application:"
                        + " Qovery answered 401: no ***"));
    assertThat(printed()).doesNotContain("hush", "of-the-test");
    assertThat(world.calls())
        .contains("GET /v1/services/srv-abc", "GET /application/" + APPLICATION, "GET /")
        .noneMatch(
            call ->
                !call.startsWith("GET ") || call.contains("/deploy/") || call.contains("receiver"));
  }

  @Test
  void a_bad_configuration_ends_it_with_2_before_anything_is_asked() throws Exception {
    assertThat(run(Map.of(), "doctor")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("GITHUB_WEBHOOK_SECRET");
    assertThat(printed()).isEmpty();
  }
}
