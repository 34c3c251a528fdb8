package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.store.TestDatabases;
import dev.slipway.targets.command.SshdInTest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpError;
import tools.jackson.databind.JsonNode;

/** Cancel, retry, and what tells of them: by HTTP and by command line. */
class ControlIT {
  private static final String OTHER_SHA = "0".repeat(40);
  private static final String DEPLOYMENTS = "/repos/octo-org/hello-world/deployments";
  private static final String TOKEN = "api-token-of-the-test";

  @TempDir Path folder;

  private SlipwayServer world() {
    return new SlipwayServer(folder);
  }

  /** A command that runs until a file says how it ends, with a process below it. */
  private SlipwayServer shell() {
    return world()
        .set(
            "DEPLOY_CMD",
            "cd %s; echo $$ $SLIPWAY_SHA >> started; sleep 300 & echo $! > below; while [ ! -s go ]; do sleep 0.1; done; kill $!; exit $(cat go)"
                .formatted(folder));
  }

  private List<String> started() {
    try {
      return Files.exists(folder.resolve("started"))
          ? Files.readAllLines(folder.resolve("started"))
          : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitStarted(int times) {
    Await.until(() -> started().toString(), () -> started().size() == times);
    Await.until(() -> "no process below", () -> Files.exists(folder.resolve("below")));
  }

  private CommandRun run(SlipwayServer world, String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.add("--url");
    all.add(world.at("/").toString());
    return CommandRun.of(world, folder, all.toArray(String[]::new));
  }

  private static HttpResponse<String> post(SlipwayServer world, String path, String body) {
    return world.send(
        HttpRequest.newBuilder(world.at(path))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Slipway-Actor", "ann\t of  ops")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static JsonNode get(SlipwayServer world, String path) {
    return SlipwayServer.json(
        world
            .send(
                HttpRequest.newBuilder(world.at(path))
                    .header("Authorization", "Bearer " + TOKEN)
                    .build())
            .body());
  }

  private static String last(SlipwayServer world, long githubId) {
    SlipwayServer.Posted last = world.awaitEnd(githubId).getLast();
    return last.state() + ": " + last.description();
  }

  @ParameterizedTest
  @EnumSource
  void one_that_waits_is_cancelled_by_command_line_and_github_is_told_by_whom(TestDatabases kind)
      throws Exception {
    try (SlipwayServer world = shell().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      awaitStarted(1);
      world.deliver(SlipwayServer.event(43, "production", OTHER_SHA));
      assertThat(run(world, "deployments", "--state", "queued").out())
          .contains("2      queued     octo-org/hello-world production 0000000")
          .hasLineCount(1);

      CommandRun cancelled = run(world, "cancel", "2", "--reason", "wrong commit");

      String user = System.getProperty("user.name");
      String who = "Cancelled by " + user + " (token SLIPWAY_API_TOKEN): wrong commit";
      assertThat(cancelled)
          .isEqualTo(new CommandRun(0, "Deployment 2: cancelled, cancelled (" + who + ")\n", ""));
      assertThat(last(world, 43)).isEqualTo("inactive: " + who);
      CommandRun again = run(world, "cancel", "2");
      assertThat(again.code()).isEqualTo(1);
      assertThat(again.err())
          .isEqualTo(
              "409 Deployment 2 has ended already, so nothing was changed: cancelled, "
                  + who
                  + "\n");
      assertThat(run(world, "audit").out())
          .contains(
              " cancel by "
                  + user
                  + " (token SLIPWAY_API_TOKEN) (api): deployment 43 of octo-org/hello-world to"
                  + " production: wrong commit")
          .hasLineCount(1);
      Files.writeString(folder.resolve("go"), "0");
      assertThat(last(world, 42)).startsWith("success");
      assertThat(started()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_runs_loses_its_processes_and_the_queue_goes_on(TestDatabases kind)
      throws Exception {
    try (SlipwayServer world = shell().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      awaitStarted(1);
      ProcessHandle shell = process(started().getFirst().replaceFirst(" .*", ""));
      ProcessHandle below = process(Files.readString(folder.resolve("below")).strip());
      world.deliver(SlipwayServer.event(43, "production", OTHER_SHA));

      HttpResponse<String> answer =
          post(world, "/api/deployments/1/cancel", "{\"reason\":\"it hangs\"}");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      assertThat(SlipwayServer.json(answer.body()).path("decision").asString())
          .isEqualTo("cancel_requested");
      assertThat(last(world, 42))
          .isEqualTo(
              "inactive: Cancelled by ann of ops (token SLIPWAY_API_TOKEN): it hangs; the command"
                  + " was stopped");
      Await.until(() -> "still alive", () -> !shell.isAlive() && !below.isAlive());
      awaitStarted(2);
      Files.writeString(folder.resolve("go"), "0");
      assertThat(last(world, 43)).startsWith("success");
      HttpResponse<String> late = post(world, "/api/deployments/2/cancel", "");
      assertThat(late.statusCode()).isEqualTo(409);
      assertThat(late.body()).contains("has ended already, so nothing was changed: succeeded");
    }
  }

  private static ProcessHandle process(String number) {
    return ProcessHandle.of(Long.parseLong(number)).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_deploy_at_render_is_cancelled_there_when_it_takes_it(int failures) {
    String service = "srv-cukouhrtq21c73e9scng";
    String deploys = "/v1/services/" + service + "/deploys";
    AtomicBoolean cancelled = new AtomicBoolean();
    try (SlipwayServer world = world()) {
      world.set("RENDER_SERVICE_ID", service).set("RENDER_API_KEY", "rnd_abcdefghijklmnopqrstuvwx");
      on(
          world,
          "GET",
          "/v1/services/" + service,
          () ->
              """
              {"id":"%s","type":"web_service","autoDeploy":"no","branch":"main",
              "serviceDetails":{"url":"https://hello.onrender.example"}}"""
                  .formatted(service));
      on(world, "GET", "/v1/services/" + service + "/events", () -> "[]");
      on(world, "POST", deploys, () -> "{\"id\":\"dep-1\",\"status\":\"created\"}");
      failFirst(world, deploys + "/dep-1/cancel", failures);
      on(
          world,
          "GET",
          deploys + "/dep-1",
          () ->
              "{\"id\":\"dep-1\",\"status\":\"%s\",\"commit\":{\"id\":\"%s\"}}"
                  .formatted(
                      cancelled.get() ? "canceled" : "build_in_progress", SlipwayServer.SHA));
      on(
          world,
          "POST",
          deploys + "/dep-1/cancel",
          () -> {
            cancelled.set(true);
            return "{\"id\":\"dep-1\",\"status\":\"canceled\"}";
          });
      world.start().deliver(SlipwayServer.event());
      Await.until(
          () -> world.calls().toString(),
          () -> world.calls().contains("GET " + deploys + "/dep-1"));

      assertThat(post(world, "/api/deployments/1/cancel", "").statusCode()).isEqualTo(202);
      HttpResponse<String> second = post(world, "/api/deployments/1/cancel", "");

      assertThat(last(world, 42))
          .isEqualTo(
              "inactive: Cancelled by ann of ops (token SLIPWAY_API_TOKEN); cancelled at Render");
      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(second.body()).contains("cancelled by ann of ops");
      assertThat(world.calls().stream().filter(call -> call.startsWith("POST")))
          .startsWith("POST " + deploys)
          .hasSize(2 + failures)
          .endsWith("POST " + deploys + "/dep-1/cancel");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void of_qovery_only_our_own_request_is_cancelled_when_it_takes_it(int failures) {
    String service = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    String ours = "7a1d5a0e-0d44-4b50-8888-8dd257360001";
    String application = "/application/" + service;
    AtomicBoolean cancelled = new AtomicBoolean();
    try (SlipwayServer world = world()) {
      world.set("QOVERY_APPLICATION_ID", service).set("QOVERY_API_TOKEN", "qov_abcdefghijklmnop");
      on(world, "POST", application + "/deploy", () -> qovery(service, ours, "QUEUED", "QUEUED"));
      on(
          world,
          "GET",
          application + "/status",
          () ->
              cancelled.get()
                  ? qovery(service, ours, "CANCELED", "CANCELED")
                  : qovery(service, ours, "BUILDING", "ONGOING"));
      on(world, "GET", application + "/deploymentHistoryV2", () -> "{\"results\":[]}");
      String cancel = "/deploymentQueue/" + ours + "/cancelDeployment";
      failFirst(world, cancel, failures);
      on(
          world,
          "POST",
          cancel,
          () -> {
            cancelled.set(true);
            return "";
          });
      world.start().deliver(SlipwayServer.event());
      Await.until(
          () -> world.calls().toString(),
          () -> world.calls().contains("GET " + application + "/status"));

      post(world, "/api/deployments/1/cancel", "");

      assertThat(last(world, 42))
          .isEqualTo(
              "inactive: Cancelled by ann of ops (token SLIPWAY_API_TOKEN); cancelled at Qovery");
      assertThat(world.calls().stream().filter(call -> call.startsWith("POST")))
          .startsWith("POST " + application + "/deploy")
          .hasSize(2 + failures)
          .endsWith("POST " + cancel);
    }
  }

  private static String qovery(String service, String request, String state, String action) {
    return """
    {"id":"%s","state":"%s","service_deployment_status":"OUT_OF_DATE",
    "is_part_last_deployment":true,"deployment_requests_count":1,
    "status_details":{"action":"DEPLOY","status":"%s","sub_action":"NONE"},
    "deployment_request_id":"%s","execution_id":"exec-1",
    "last_deployment_date":"2030-01-01T10:00:00Z"}\
    """
        .formatted(service, state, action, request);
  }

  private static void failFirst(SlipwayServer world, String path, int times) {
    if (times > 0) {
      world
          .services
          .when(request().withMethod("POST").withPath(Pattern.quote(path)), Times.exactly(times))
          .respond(response().withStatusCode(503).withHeader("Retry-After", "1"));
    }
  }

  private interface Body {
    String now();
  }

  private static void on(SlipwayServer world, String method, String path, Body body) {
    world
        .services
        .when(request().withMethod(method).withPath(Pattern.quote(path)))
        .respond(
            _ ->
                response()
                    .withStatusCode(method.equals("POST") ? 201 : 200)
                    .withHeader("Content-Type", "application/json")
                    .withBody(body.now()));
  }

  @Test
  void a_command_on_a_real_ssh_server_is_stopped_there(@TempDir Path home) throws Exception {
    KeyPair hostKey = SshdInTest.ed25519();
    KeyPair userKey = SshdInTest.ed25519();
    try (SshdInTest sshd = new SshdInTest(home, List.of(hostKey), userKey.getPublic());
        SlipwayServer world = world()) {
      SshdInTest.write(userKey, folder.resolve("id_ed25519"), "");
      sshd.known(folder.resolve("known_hosts"), hostKey);
      world
          .set("DEPLOY_SSH_HOST", "localhost")
          .set("DEPLOY_SSH_PORT", Integer.toString(sshd.port()))
          .set("DEPLOY_SSH_USER", "deploy")
          .set("DEPLOY_SSH_KEY_FILE", "id_ed25519")
          .set("DEPLOY_SSH_KNOWN_HOSTS_FILE", "known_hosts")
          .set("DEPLOY_SSH_COMMAND", "echo $$ > number; sleep 300")
          .start()
          .deliver(SlipwayServer.event());
      Await.until(() -> "not started", () -> Files.exists(home.resolve("number")));
      Await.until(() -> "no number", () -> home.resolve("number").toFile().length() > 1);
      ProcessHandle command = process(Files.readString(home.resolve("number")).strip());

      post(world, "/api/deployments/1/cancel", "{\"reason\":\"it hangs\"}");

      assertThat(last(world, 42))
          .startsWith("inactive: Cancelled by ann of ops (token SLIPWAY_API_TOKEN): it hangs; ");
      Await.until(() -> "still alive", () -> !command.isAlive());
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_failed_runs_again_with_its_commit_until_a_newer_one_comes(TestDatabases kind)
      throws Exception {
    try (SlipwayServer world = shell().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      Files.writeString(folder.resolve("go"), "3");
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      assertThat(last(world, 42)).startsWith("failure");

      CommandRun retried = run(world, "retry", "1", "--reason", "flaky");
      assertThat(retried.code()).as(retried.err()).isZero();
      assertThat(retried.out()).startsWith("Deployment 1: retried, ");
      Await.until(() -> world.posted(42).toString(), () -> failures(world) == 2);
      assertThat(started()).hasSize(2).allMatch(line -> line.endsWith(SlipwayServer.SHA));

      Files.writeString(folder.resolve("go"), "0");
      assertThat(run(world, "retry", "1").code()).isZero();
      Await.until(
          () -> world.posted(42).toString(),
          () -> world.posted(42).getLast().state().equals("success"));
      CommandRun again = run(world, "retry", "1");
      assertThat(again.code()).isEqualTo(1);
      assertThat(again.err())
          .isEqualTo("409 Deployment 1 is not run again: it has succeeded already\n");

      Files.writeString(folder.resolve("go"), "3");
      world.deliver(SlipwayServer.event(43, "production", OTHER_SHA));
      assertThat(last(world, 43)).startsWith("failure");
      world.deliver(SlipwayServer.event(44, "production", OTHER_SHA));
      assertThat(last(world, 44)).startsWith("failure");
      assertThat(run(world, "retry", "2").err())
          .isEqualTo(
              "409 Deployment 2 is not run again: deployment 44 of production, which is newer, was"
                  + " accepted since\n");
      assertThat(get(world, "/api/audit").path("audit").findValuesAsString("action"))
          .containsExactly("retry", "retry");
    }
  }

  private static long failures(SlipwayServer world) {
    return world.posted(42).stream().filter(one -> one.state().equals("failure")).count();
  }

  @Test
  void one_that_runs_is_not_retried_and_an_order_is_not_run_over_what_came_after_it()
      throws Exception {
    try (SlipwayServer world = shell().start()) {
      String order = "{\"repository\":\"octo-org/hello-world\",\"sha\":\"%s\"}";
      world.api("/api/deploy_application", order.formatted(SlipwayServer.SHA));
      awaitStarted(1);
      assertThat(post(world, "/api/deployments/1/retry", "").body())
          .contains("Deployment 1 is not run again: it runs already");
      Files.writeString(folder.resolve("go"), "3");
      Await.until(
          () -> "still running",
          () -> get(world, "/api/deployments/1").path("state").asString().equals("failed"));
      Files.writeString(folder.resolve("go"), "0");
      world.api("/api/deploy_application?wait=30s", order.formatted(OTHER_SHA));

      HttpResponse<String> late = post(world, "/api/deployments/1/retry", "");

      assertThat(late.statusCode()).isEqualTo(409);
      assertThat(late.body()).contains("production has had another success since (deployment 2");
    }
  }

  @Test
  void a_token_controls_what_its_scope_and_its_repositories_allow() throws Exception {
    try (SlipwayServer world = shell().start()) {
      Files.writeString(folder.resolve("go"), "3");
      world.deliver(SlipwayServer.event());
      assertThat(last(world, 42)).startsWith("failure");
      String read = create(world, "reader", "read");
      String elsewhere = create(world, "elsewhere", "control,read", "--repository", "acme/*");

      assertThat(with(world, read, "/api/deployments/1/retry")).isEqualTo(403);
      assertThat(with(world, read, "/api/deployments/1/cancel")).isEqualTo(403);
      assertThat(with(world, elsewhere, "/api/deployments/1/retry")).isEqualTo(404);
      assertThat(with(world, elsewhere, "/api/deployments/1/cancel")).isEqualTo(404);
      assertThat(started()).hasSize(1);
      assertThat(lists(world, elsewhere)).isEqualTo("{\"deployments\":[]}{\"audit\":[]}");
      assertThat(lists(world, read)).contains("octo-org/hello-world", "create_token");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_rollback_by_command_line_is_done_once_for_its_key_and_waited_for(TestDatabases kind)
      throws Exception {
    String[] rollback = {
      "rollback", "production", "--repository", "octo-org/hello-world", "--wait", "--key", "ci-7"
    };
    try (SlipwayServer world = shell().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      assertThat(run(world, rollback))
          .isEqualTo(
              new CommandRun(
                  1,
                  "",
                  "409 no deployment of octo-org/hello-world in production has succeeded here, or it"
                      + " was removed for its age\n"));
      Files.writeString(folder.resolve("go"), "0");
      world.deliver(SlipwayServer.event(42, "production", SlipwayServer.SHA));
      assertThat(last(world, 42)).startsWith("success");
      world.deliver(SlipwayServer.event(43, "production", OTHER_SHA));
      assertThat(last(world, 43)).startsWith("success");
      on(world, "POST", DEPLOYMENTS, () -> created(44, SlipwayServer.SHA));

      CommandRun done = run(world, rollback);
      CommandRun again = run(world, rollback);

      assertThat(done.code()).as(done.err()).isZero();
      assertThat(done.out()).startsWith("Deployment 3: accepted, ").contains("succeeded");
      assertThat(again.out()).startsWith("Deployment 3: accepted, succeeded").hasLineCount(1);
      assertThat(last(world, 44)).startsWith("success");
      assertThat(started()).hasSize(3).last().asString().endsWith(SlipwayServer.SHA);
      assertThat(world.calls()).containsOnlyOnce("POST " + DEPLOYMENTS);
    }
  }

  @Test
  void a_promotion_by_command_line_that_is_waited_for_and_fails_is_told_by_its_exit_code()
      throws Exception {
    try (SlipwayServer world = shell().start()) {
      Files.writeString(folder.resolve("go"), "0");
      world.deliver(SlipwayServer.event(42, "staging", SlipwayServer.SHA));
      assertThat(last(world, 42)).startsWith("success");
      AtomicLong ids = new AtomicLong(43);
      on(world, "POST", DEPLOYMENTS, () -> created(ids.incrementAndGet(), SlipwayServer.SHA));
      Files.delete(folder.resolve("go"));
      Files.delete(folder.resolve("below"));
      String[] promotion = {
        "promote", "staging", "production", "--repository", "octo-org/hello-world"
      };

      CommandRun placed = run(world, promotion);
      awaitStarted(2);
      Files.writeString(folder.resolve("go"), "3");
      assertThat(last(world, 44)).startsWith("failure");
      List<String> waiting = new ArrayList<>(List.of(promotion));
      waiting.addAll(List.of("--wait", "--reason", "as agreed"));
      CommandRun failed = run(world, waiting.toArray(String[]::new));

      assertThat(placed.code()).as(placed.err()).isZero();
      assertThat(placed.out()).startsWith("Deployment 2: accepted, ").hasLineCount(1);
      assertThat(failed.code()).isEqualTo(1);
      assertThat(failed.out()).contains("Deployment 3: accepted, failed (");
      assertThat(world.audit())
          .contains(
              "promote of deployment 45 of octo-org/hello-world to production by "
                  + System.getProperty("user.name")
                  + " (token SLIPWAY_API_TOKEN) (api): as agreed");
    }
  }

  private static String created(long id, String sha) {
    return "{\"id\":%d,\"sha\":\"%s\"}".formatted(id, sha);
  }

  @Test
  void a_command_without_an_answer_says_how_to_repeat_it_safely() {
    try (SlipwayServer world = world()) {
      world
          .services
          .when(request().withPath("/api/.*"))
          .error(HttpError.error().withDropConnection(true));
      String[] rollback = {
        "rollback", "production", "--repository", "acme/web", "--url", world.base()
      };

      CommandRun silent = CommandRun.of(world, folder, rollback);
      CommandRun other = CommandRun.of(world, folder, "cancel", "1", "--url", world.base());

      assertThat(silent.code()).isEqualTo(3);
      String key =
          world.services.retrieveRecordedRequests(request().withPath("/api/rollback"))[0]
              .getFirstHeader("Idempotency-Key");
      assertThat(silent.err())
          .endsWith(": it may be done or not; the same with --key " + key + " does it once\n");
      assertThat(other.code()).isEqualTo(3);
      assertThat(other.err()).contains("look before you do it again");
    }
  }

  @Test
  void a_token_rolls_back_and_promotes_where_its_scope_and_its_repositories_allow() {
    String rollback = "{\"repository\":\"octo-org/hello-world\"}";
    String promotion = rollback.replace("}", ",\"from\":\"staging\",\"to\":\"production\"}");
    try (SlipwayServer world = shell().start()) {
      String deploy = create(world, "deployer", "deploy,read");
      String elsewhere = create(world, "elsewhere", "control", "--repository", "acme/*");
      String control = create(world, "operator", "control", "--repository", "Octo-Org/*");

      for (String path : List.of("/api/rollback", "/api/promote")) {
        String body = path.endsWith("rollback") ? rollback : promotion;
        assertThat(with(world, deploy, path, body).statusCode()).isEqualTo(403);
        HttpResponse<String> unknown = with(world, elsewhere, path, body);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body())
            .contains("There is no repository octo-org/hello-world for token elsewhere");
        HttpResponse<String> let = with(world, control, path, body);
        assertThat(let.statusCode()).isEqualTo(409);
        assertThat(let.body()).contains("has succeeded here");
      }
    }
  }

  private static HttpResponse<String> with(
      SlipwayServer world, String token, String path, String body) {
    return world.send(
        HttpRequest.newBuilder(world.at(path))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private String create(SlipwayServer world, String name, String scopes, String... more) {
    List<String> words = new ArrayList<>(List.of("tokens", "create", name, "--scope", scopes));
    words.addAll(List.of(more));
    return CommandRun.of(world, folder, words.toArray(String[]::new)).out().strip();
  }

  private static int with(SlipwayServer world, String token, String path) {
    return world
        .send(
            HttpRequest.newBuilder(world.at(path))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build())
        .statusCode();
  }

  private static String lists(SlipwayServer world, String token) {
    StringBuilder both = new StringBuilder();
    for (String path : List.of("/api/deployments", "/api/audit")) {
      both.append(
          world
              .send(
                  HttpRequest.newBuilder(world.at(path))
                      .header("Authorization", "Bearer " + token)
                      .build())
              .body());
    }
    return both.toString();
  }

  @Test
  void lists_are_cut_and_gone_on_with_and_filters_that_cannot_be_are_named() throws Exception {
    try (SlipwayServer world = shell().start()) {
      Files.writeString(folder.resolve("go"), "0");
      for (int id = 42; id < 45; id++) {
        world.deliver(SlipwayServer.event(id, "env-" + id, SlipwayServer.SHA));
        assertThat(last(world, id)).startsWith("success");
      }
      JsonNode first = get(world, "/api/deployments?limit=2&repository=Octo-Org/Hello-World");
      assertThat(first.path("deployments").findValuesAsString("environment"))
          .containsExactly("env-44", "env-43");
      JsonNode rest = get(world, "/api/deployments?before=" + first.path("next").asString());
      assertThat(rest.path("deployments").findValuesAsString("environment"))
          .containsExactly("env-42");
      assertThat(rest.has("next")).isFalse();
      assertThat(get(world, "/api/deployments?environment=ENV-43&state=succeeded").toString())
          .contains("\"id\":2", "\"github_deployment_id\":43")
          .doesNotContain("\"id\":1,");
      assertThat(get(world, "/api/deployments?state=done").path("detail").asString())
          .isEqualTo(
              "There is no state \"done\"; there are: cancelled, destroyed, errored, failed, queued,"
                  + " running, succeeded, superseded");
      assertThat(get(world, "/api/audit?limit=0").path("detail").asString())
          .contains("limit is \"0\"; use a number from 1 to 200");
      assertThat(get(world, "/api/audit?before=x").path("status").asInt()).isEqualTo(400);
      assertThat(post(world, "/api/deployments/1/cancel", "{\"why\":\"x\"}").body())
          .contains("unknown field \\\"why\\\"");
      assertThat(post(world, "/api/deployments/4711/cancel", "").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void what_keeps_a_command_from_its_server_is_told_with_its_exit_code() {
    try (SlipwayServer world = world().without("SLIPWAY_API_TOKEN")) {
      String nobody = "http://127.0.0.1:1";
      CommandRun without = CommandRun.of(world, folder, "cancel", "1", "--url", nobody);
      assertThat(without.code()).isEqualTo(2);
      assertThat(without.err()).contains("SLIPWAY_API_TOKEN is not set", "tokens create");
      world.set("SLIPWAY_API_TOKEN", TOKEN);
      CommandRun away = CommandRun.of(world, folder, "audit", "--url", nobody);
      assertThat(away.code()).isEqualTo(3);
      assertThat(away.err()).contains("No Slipway was reached at http://127.0.0.1:1/api/audit");
      assertThat(CommandRun.of(world, folder, "retry", "x", "--url", nobody).code()).isEqualTo(2);
      assertThat(CommandRun.of(world, folder, "retry", "1", "--url", "deploy.example.com").err())
          .contains("--url is \"deploy.example.com\"; write the address");
    }
  }

  @Test
  void the_token_of_a_command_comes_from_a_file_too() throws Exception {
    try (SlipwayServer world = shell().start()) {
      Files.writeString(folder.resolve("token"), TOKEN + "\n");
      world.without("SLIPWAY_API_TOKEN").set("SLIPWAY_API_TOKEN_FILE", "token");
      assertThat(run(world, "deployments"))
          .isEqualTo(new CommandRun(0, "There are no such deployments.\n", ""));
    }
  }
}
