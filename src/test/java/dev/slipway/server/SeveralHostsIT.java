package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.cli.Main;
import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import dev.slipway.store.TestDatabases;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.integration.ClientAndServer;

/**
 * Two GitHub hosts, each with its secret, its token and its troubles. The first is known as
 * 127.0.0.1, the other one as localhost.
 */
class SeveralHostsIT {
  private static final String FIRST = "127.0.0.1";
  private static final String OTHER = "localhost";
  private static final String FIRST_TOKEN = "Bearer ghp_0123456789abcdefghijklmnopqrstuvwxyz";
  private static final String OTHER_SECRET = "the secret of the other host";
  private static final String OTHER_TOKEN = "ghp_otherhostotherhostotherhostotherhost";

  @TempDir Path folder;
  private final ClientAndServer other = ClientAndServer.startClientAndServer(0);
  private final AtomicInteger code = new AtomicInteger(201);
  private final AtomicLong ids = new AtomicLong(5_000);
  private SlipwayServer world;

  @BeforeEach
  void configure() {
    world =
        new SlipwayServer(folder)
            .set("DEPLOY_CMD", "echo $SLIPWAY_HOST >> %s/done".formatted(folder));
    hosts(
        """
        github-hosts:
          - api-url: http://localhost:%d/api/v3
            webhook-secret: %s
            token: %s
        """
            .formatted(other.getPort(), OTHER_SECRET, OTHER_TOKEN));
    other
        .when(request().withMethod("POST").withPath("/api/v3/repos/.*/statuses"))
        .respond(
            _ ->
                response(
                        "{\"id\":%d,\"message\":\"Bad credentials\"}"
                            .formatted(ids.incrementAndGet()))
                    .withStatusCode(code.get())
                    .withHeader("Content-Type", "application/json"));
    other
        .when(request().withMethod("GET").withPath("/api/v3/repos/.*/statuses"))
        .respond(response("[]").withStatusCode(200));
  }

  @AfterEach
  void close() {
    world.close();
    other.stop();
  }

  private void hosts(String yaml) {
    try {
      Files.writeString(folder.resolve("slipway.yml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> deliver(String secret, String claimed, String body) {
    return deliver(secret, claimed, "deployment", body);
  }

  private HttpResponse<String> deliver(String secret, String claimed, String event, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String signature = HexFormat.of().formatHex(Hmac.of(new Secret(secret), bytes));
    return world.send(
        HttpRequest.newBuilder(world.at("/webhooks/github"))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", event)
            .header("X-GitHub-Enterprise-Host", claimed)
            .header("X-GitHub-Delivery", UUID.randomUUID().toString())
            .header("X-Hub-Signature-256", "sha256=" + signature)
            .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
            .build());
  }

  private static String event(long id, String url) {
    return SlipwayServer.event(id, "production", SlipwayServer.SHA)
        .replace("\"deployment\":{", "\"deployment\":{\"url\":\"%s\",".formatted(url));
  }

  private void deliverOfOther(long id) {
    assertThat(
            deliver(
                    OTHER_SECRET,
                    OTHER,
                    event(
                        id, "http://localhost/api/v3/repos/octo-org/hello-world/deployments/" + id))
                .statusCode())
        .isEqualTo(202);
  }

  private List<String> postedToOther(long id) {
    return Arrays.stream(
            other.retrieveRecordedRequests(
                request()
                    .withMethod("POST")
                    .withPath(
                        "/api/v3/repos/octo-org/hello-world/deployments/" + id + "/statuses")))
        .map(post -> SlipwayServer.json(post.getBodyAsString()).path("state").asString())
        .toList();
  }

  /** Of deployment 7 of the other host. */
  private String logPage() {
    String status =
        other.retrieveRecordedRequests(request().withMethod("POST"))[0].getBodyAsString();
    String link = SlipwayServer.json(status).path("log_url").asString();
    return world.get(URI.create(world.onThisPort(link))).body();
  }

  private static Set<String> credentials(ClientAndServer of) {
    return Arrays.stream(of.retrieveRecordedRequests(request()))
        .map(call -> call.getFirstHeader("Authorization"))
        .collect(Collectors.toSet());
  }

  private void awaitEndAtOther(long id) {
    Await.until(() -> postedToOther(id).toString(), () -> postedToOther(id).contains("success"));
  }

  private void awaitHealth(String part) {
    Await.until(this::health, () -> health().contains(part));
  }

  private String health() {
    return world.get(world.at("/health/readiness")).body();
  }

  @ParameterizedTest
  @EnumSource
  void one_number_at_two_hosts_is_two_deployments_and_each_host_hears_of_its_own(
      TestDatabases kind) {
    world.set("SLIPWAY_DATABASE_URL", kind.url()).start();

    assertThat(
            world.deliver(event(42, "http://127.0.0.1/repos/octo-org/hello-world/1")).statusCode())
        .isEqualTo(202);
    deliverOfOther(42);

    assertThat(world.awaitEnd()).extracting(SlipwayServer.Posted::state).contains("success");
    awaitEndAtOther(42);
    assertThat(credentials(world.services)).containsExactly(FIRST_TOKEN);
    assertThat(credentials(other)).containsExactly("Bearer " + OTHER_TOKEN);
    assertThat(folder.resolve("done")).content().contains(FIRST, OTHER);
  }

  @Test
  void a_host_cannot_speak_for_another_whatever_its_deliveries_say() throws IOException {
    world.start();
    String ofFirst = event(42, "http://127.0.0.1/repos/octo-org/hello-world/deployments/42");
    String ofOther = event(42, "http://localhost/api/v3/repos/octo-org/hello-world/deployments/42");

    assertThat(deliver(OTHER_SECRET, FIRST, ofFirst).body())
        .contains("no_route", "comes from 127.0.0.1", "that of localhost");
    assertThat(deliver(OTHER_SECRET, OTHER, ofFirst).body()).contains("no_route", "127.0.0.1");
    assertThat(deliver(SlipwayServer.SECRET, OTHER, ofOther).body())
        .contains("no_route", "comes from localhost", "that of 127.0.0.1");
    assertThat(deliver(SlipwayServer.SECRET, FIRST, ofOther).body()).contains("no_route");

    // What names no host at all is of the host whose secret signed it
    assertThat(deliver(OTHER_SECRET, OTHER, SlipwayServer.event()).statusCode()).isEqualTo(202);
    awaitEndAtOther(42);
    assertThat(world.posted(42)).isEmpty();
    assertThat(Files.readString(folder.resolve("done")).strip()).isEqualTo(OTHER);
  }

  @Test
  void operators_are_told_of_each_host_by_its_name() throws Exception {
    assertThat(run("check", "--online")).contains(" GitHub API: ", " localhost: GitHub API: ");
    world.start();
    code.set(503);
    deliverOfOther(7);
    Await.until(() -> postedToOther(7).toString(), () -> !postedToOther(7).isEmpty());
    world.stop();

    assertThat(run("statuses")).contains("localhost octo-org/hello-world deployment 7 to ");
  }

  @Test
  void what_a_host_refuses_names_the_setting_of_that_host() throws Exception {
    world.start();
    code.set(401);
    deliverOfOther(7);
    Await.until(() -> postedToOther(7).toString(), () -> !postedToOther(7).isEmpty());
    world.stop();

    assertThat(run("statuses"))
        .contains("github-hosts[0].token is wrong or has expired: set a new one")
        .doesNotContain("GITHUB_TOKEN");
  }

  @Test
  void an_event_is_simulated_as_one_of_its_own_host_or_of_the_one_that_is_named() throws Exception {
    Files.writeString(
        folder.resolve("other.json"),
        event(42, "http://localhost/api/v3/repos/octo-org/hello-world/deployments/42"));
    Files.writeString(folder.resolve("plain.json"), SlipwayServer.event());

    assertThat(run("simulate", "other.json"))
        .contains("octo-org/hello-world at localhost", "accepted", "SLIPWAY_HOST=localhost");
    assertThat(run("simulate", "other.json", "--host", FIRST))
        .contains("Decision: no_route, the event is of http://localhost/", "127.0.0.1");
    assertThat(run("simulate", "plain.json")).contains("octo-org/hello-world at 127.0.0.1");
    assertThat(run("simulate", "plain.json", "--host", "LocalHost"))
        .contains("octo-org/hello-world at localhost");
    CommandRun unknown =
        CommandRun.of(world, folder, "simulate", "plain.json", "--host", "nobody.example");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("--host nobody.example is no GitHub host", "127.0.0.1, localhost");
  }

  @ParameterizedTest
  @EnumSource
  void a_number_that_two_hosts_have_is_explained_when_the_host_is_named(TestDatabases kind)
      throws Exception {
    world.set("SLIPWAY_DATABASE_URL", kind.url()).start();
    world.deliver(event(42, "http://127.0.0.1/repos/octo-org/hello-world/1"));
    deliverOfOther(42);
    deliverOfOther(43);
    world.stop();

    CommandRun both = CommandRun.of(world, folder, "explain", "github:42");
    assertThat(both.code()).isEqualTo(1);
    assertThat(both.err())
        .contains("several hosts have a deployment 42", "--host 127.0.0.1 or --host localhost");
    assertThat(run("explain", "github:42", "--host", "LocalHost"))
        .contains("(github:42): octo-org/hello-world at localhost to production")
        .doesNotContain(FIRST);
    assertThat(run("explain", "github:43"))
        .contains("(github:43): octo-org/hello-world at localhost");
    assertThat(run("explain", "github:43", "--host", FIRST))
        .contains("nothing is kept of deployment 43 of 127.0.0.1");
  }

  @ParameterizedTest
  @EnumSource
  void a_deletion_that_one_host_does_not_answer_holds_up_none_at_the_other(TestDatabases kind)
      throws IOException {
    Files.writeString(
        folder.resolve("slipway.yml"),
        """
        routes:
          - name: previews
            match: {environments: ["pr-*"]}
            delete-deployments: true
            chain: [{shell: {command: "true"}}]
            destroy: [{shell: {command: "true"}}]
        """,
        StandardOpenOption.APPEND);
    var deletion = request().withMethod("DELETE").withPath(".*/deployments/\\d+");
    other.when(deletion).respond(response().withStatusCode(204).withDelay(TimeUnit.MINUTES, 5));
    world.services.when(deletion).respond(response().withStatusCode(204));
    world.set("SLIPWAY_DATABASE_URL", kind.url()).start();
    // Each is given up after 15 s, so one after the other they take longer than is waited for
    for (long id = 42; id < 47; id++) {
      long made = id;
      deployPreview(OTHER_SECRET, OTHER, id, () -> postedToOther(made).contains("success"));
    }
    closePullRequest(OTHER_SECRET, OTHER);
    awaitDeletion(other);

    deployPreview(
        SlipwayServer.SECRET, FIRST, 42, () -> world.posted(42).toString().contains("success"));
    closePullRequest(SlipwayServer.SECRET, FIRST);

    awaitDeletion(world.services);
  }

  private void deployPreview(String secret, String host, long id, Supplier<Boolean> isLive) {
    String preview =
        SlipwayServer.event(id, "pr-12", SlipwayServer.SHA)
            .replace("\"task\":", "\"transient_environment\":true,\"task\":");
    assertThat(deliver(secret, host, preview).statusCode()).isEqualTo(202);
    Await.until(() -> "deployment %d of %s is not live".formatted(id, host), isLive);
  }

  private void closePullRequest(String secret, String host) {
    String closed =
        """
        {"action":"closed","number":12,"pull_request":{"number":12,"merged":true,
        "head":{"ref":"main","sha":"%s","repo":{"full_name":"octo-org/hello-world"}}},
        "repository":{"id":1296269,"full_name":"octo-org/hello-world"}}"""
            .formatted(SlipwayServer.SHA);
    assertThat(deliver(secret, host, "pull_request", closed).body()).contains("\"destroying\"");
  }

  private static void awaitDeletion(ClientAndServer github) {
    Await.until(
        () -> "nothing is deleted",
        () -> github.retrieveRecordedRequests(request().withMethod("DELETE")).length > 0);
  }

  private String run(String... command) throws InterruptedException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int _ = new Main(world.environment(), folder, out, out).run(List.of(command));
    return printed.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 429, 503})
  void what_one_host_refuses_waits_while_the_others_statuses_go_on_and_a_restart_changes_nothing(
      int refusal) {
    world.start();
    code.set(refusal);
    deliverOfOther(7);
    Await.until(() -> postedToOther(7).toString(), () -> !postedToOther(7).isEmpty());

    world.deliver(SlipwayServer.event());
    assertThat(world.awaitEnd().getLast().state()).isEqualTo("success");
    awaitHealth("wait for localhost since");
    assertThat(health()).doesNotContain("wait for 127.0.0.1");
    world.stop();
    world.start();
    world.deliver(SlipwayServer.event(43, "staging", SlipwayServer.SHA));
    assertThat(world.awaitEnd(43).getLast().state()).isEqualTo("success");

    code.set(201);
    world.stop();
    if (refusal != 429) {
      world.start();
      awaitEndAtOther(7);
    }
  }

  @Test
  void what_waits_for_a_host_that_the_configuration_has_no_more_says_so_and_goes_on_later()
      throws IOException {
    String both = Files.readString(folder.resolve("slipway.yml"));
    world.start();
    code.set(503);
    deliverOfOther(7);
    Await.until(() -> postedToOther(7).toString(), () -> !postedToOther(7).isEmpty());
    world.stop();
    code.set(201);

    hosts("github-hosts: []\n");
    world.start();
    world.deliver(SlipwayServer.event());
    assertThat(world.awaitEnd().getLast().state()).isEqualTo("success");
    awaitHealth("wait for localhost since");
    Await.until(this::logPage, () -> logPage().contains("no GitHub host localhost any more"));
    assertThat(postedToOther(7)).doesNotContain("success");
    world.stop();

    hosts(both);
    world.start();
    awaitEndAtOther(7);
  }

  @Test
  void an_order_may_name_the_host() {
    world.start();

    assertThat(
            world
                .api(
                    "/api/deploy_application",
                    "{\"host\":\"nobody.example\",\"repository\":\"octo-org/hello-world\"}")
                .body())
        .contains("host must be one of 127.0.0.1, localhost");
    assertThat(
            world
                .api(
                    "/api/deploy_application?wait=30",
                    "{\"host\":\"LocalHost\",\"repository\":\"octo-org/hello-world\",\"sha\":\"%s\"}"
                        .formatted(SlipwayServer.SHA))
                .statusCode())
        .isBetween(200, 202);
    Await.until(
        () -> folder.resolve("done").toString(), () -> Files.exists(folder.resolve("done")));
    assertThat(folder.resolve("done")).content().contains(OTHER);
  }
}
