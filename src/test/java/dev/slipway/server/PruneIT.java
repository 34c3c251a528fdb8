package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.store.TestDatabases;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Preview environments whose pull request was closed while nobody told us. */
@Execution(ExecutionMode.CONCURRENT)
class PruneIT {
  private static final String REPOSITORY = "/repos/octo-org/hello-world/";
  private static final String OF = " of octo-org/hello-world ";
  private static final String OF_BRANCH =
      REPOSITORY + "pulls?head=octo-org:feature/ü&per_page=100&state=all";
  private static final String OF_COMMIT =
      REPOSITORY + "commits/" + SlipwayServer.SHA + "/pulls?per_page=100";

  @TempDir Path folder;

  private SlipwayServer world() {
    try {
      Files.writeString(
          folder.resolve("slipway.yml"),
          """
          routes:
            - name: kept
              match: {environments: [kept]}
              chain:
                - shell: {command: "true"}
            - name: previews
              match: {environments: ["*"]}
              chain:
                - shell: {command: "true"}
              destroy:
                - shell: {command: "echo $SLIPWAY_ENVIRONMENT >> %s/destroyed; while [ -e %s/wait ]; do sleep 0.1; done"}
          """
              .formatted(folder, folder));
      return new SlipwayServer(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void deploy(SlipwayServer world, long id, String environment) {
    world.deliver(
        SlipwayServer.event(id, environment, SlipwayServer.SHA)
            .replace("\"ref\":\"main\"", "\"ref\":\"feature/ü\"")
            .replace("\"task\":", "\"transient_environment\":true,\"task\":"));
    assertThat(world.awaitEnd(id).getLast().state()).isEqualTo("success");
  }

  private static String pull(long number, String state, String closedAt, String headRepository) {
    return """
        {"number":%d,"state":"%s","closed_at":%s,
        "head":{"ref":"feature/ü","sha":"%s","repo":%s},
        "base":{"ref":"main","repo":{"full_name":"octo-org/hello-world"}}}"""
        .formatted(
            number,
            state,
            closedAt.isEmpty() ? "null" : "\"" + closedAt + "\"",
            SlipwayServer.SHA,
            headRepository.isEmpty() ? "null" : "{\"full_name\":\"" + headRepository + "\"}");
  }

  private static String closed(long number) {
    return pull(number, "closed", "2099-01-01T00:00:00Z", "octo-org/hello-world");
  }

  private static String open(long number) {
    return pull(number, "open", "", "octo-org/hello-world");
  }

  private static void github(SlipwayServer world, String path, int status, String json) {
    world
        .services
        .when(request().withMethod("GET").withPath(REPOSITORY + path))
        .respond(
            response()
                .withStatusCode(status)
                .withHeader("Content-Type", "application/json")
                .withBody(json));
  }

  private CommandRun run(SlipwayServer world, String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.add("--url");
    all.add(world.at("/").toString());
    return CommandRun.of(world, folder, all.toArray(String[]::new));
  }

  private static HttpResponse<String> post(SlipwayServer world, String token, String body) {
    return world.send(
        HttpRequest.newBuilder(world.at("/api/environments/prune"))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static String get(SlipwayServer world, String token, String path) {
    return world
        .send(
            HttpRequest.newBuilder(world.at(path))
                .header("Authorization", "Bearer " + token)
                .build())
        .body();
  }

  @Test
  void a_body_that_is_too_long_is_told_so() {
    try (SlipwayServer world = world().start()) {
      assertThat(post(world, "api-token-of-the-test", " ".repeat(64 * 1024 + 1)).statusCode())
          .isEqualTo(413);
    }
  }

  private List<String> destroyed() {
    try {
      Path file = folder.resolve("destroyed");
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitLast(SlipwayServer world, long id, String description) {
    Await.until(
        () -> world.posted(id).toString(),
        () -> world.posted(id).getLast().description().equals(description));
  }

  @ParameterizedTest
  @EnumSource
  void those_whose_pull_request_is_closed_are_destroyed_and_told_of(TestDatabases kind) {
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", kind.url())) {
      github(world, "pulls/12", 200, closed(12));
      github(world, "pulls/13", 200, open(13));
      github(world, "pulls/14", 404, "{\"message\":\"Not Found\"}");
      world.start();
      deploy(world, 42, "pr-12");
      deploy(world, 43, "pr-13");
      deploy(world, 44, "pr-14");
      deploy(world, 45, "kept");

      assertThat(
              run(world, "environments").out().lines().map(line -> line.replaceAll(" [^ ]*Z$", "")))
          .containsExactly(
              "octo-org/hello-world kept succeeded by deployment 4, f95f852",
              "octo-org/hello-world pr-14 succeeded by deployment 3, pull request #14, f95f852",
              "octo-org/hello-world pr-13 succeeded by deployment 2, pull request #13, f95f852",
              "octo-org/hello-world pr-12 succeeded by deployment 1, pull request #12, f95f852");
      String others =
          "kept"
              + OF
              + "stays: route \"kept\" has no destroy chain\n"
              + "pr-14"
              + OF
              + "stays: it is not known whether pull request #14 is closed: GitHub"
              + " answered 404: there is none, or the credential lacks Pull requests: read\n"
              + "pr-13"
              + OF
              + "stays: pull request #13 is open\n";
      assertThat(run(world, "environments", "prune", "--dry-run"))
          .isEqualTo(
              new CommandRun(
                  0,
                  others + "pr-12" + OF + "would be destroyed: pull request #12 was closed\n",
                  ""));
      assertThat(world.calls())
          .containsExactly(
              "GET " + REPOSITORY + "pulls/14",
              "GET " + REPOSITORY + "pulls/13",
              "GET " + REPOSITORY + "pulls/12");
      assertThat(run(world, "audit").out()).contains("Nobody did anything yet");

      assertThat(run(world, "environments", "prune"))
          .isEqualTo(
              new CommandRun(
                  0,
                  others + "pr-12" + OF + "is being destroyed: pull request #12 was closed\n",
                  ""));

      awaitLast(world, 42, "Destroyed: pull request #12 was closed");
      assertThat(world.posted(42).stream().map(SlipwayServer.Posted::state))
          .containsExactly("in_progress", "success", "in_progress", "inactive");
      assertThat(destroyed()).containsExactly("pr-12");
      assertThat(run(world, "audit").out())
          .contains(
              " destroy by "
                  + System.getProperty("user.name")
                  + " (token SLIPWAY_API_TOKEN) (api): deployment 42 of octo-org/hello-world to"
                  + " pr-12: pull request #12 was closed")
          .hasLineCount(1);
      assertThat(run(world, "environments", "prune").out()).isEqualTo(others);
      assertThat(run(world, "environments").out()).hasLineCount(3).doesNotContain("pr-12");
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_is_being_destroyed_is_not_destroyed_again(TestDatabases kind) throws Exception {
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", kind.url())) {
      github(world, "pulls/12", 200, closed(12));
      world.start();
      deploy(world, 42, "pr-12");
      Files.createFile(folder.resolve("wait"));
      run(world, "environments", "prune");
      assertThat(run(world, "environments").out()).contains(" pr-12 destroying by deployment 1");

      assertThat(run(world, "environments", "prune").out())
          .isEqualTo("pr-12" + OF + "is being destroyed already: a run destroys it, or has\n");

      Files.delete(folder.resolve("wait"));
      awaitLast(world, 42, "Destroyed: pull request #12 was closed");
      assertThat(destroyed()).containsExactly("pr-12");
      assertThat(run(world, "environments", "prune").out())
          .isEqualTo("No transient environment stands.\n");
      assertThat(run(world, "environments").out()).isEqualTo("No transient environment stands.\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          closed | 2099-01-01T00:00:00Z | octo-org/hello-world | is being destroyed: pull request #7 was closed
          open   | ''                   | octo-org/hello-world | stays: pull request #7 is open
          closed | 2020-01-01T00:00:00Z | octo-org/hello-world | stays: it was deployed after pull request #7 was closed
          closed | ''                   | octo-org/hello-world | stays: it was deployed after pull request #7 was closed
          closed | 2099-01-01T00:00:00Z | stranger/fork        | stays: GitHub knows no pull request of its branch or commit
          closed | 2099-01-01T00:00:00Z | ''                   | stays: GitHub knows no pull request of its branch or commit
          """)
  void one_that_names_no_pull_request_belongs_to_that_of_its_branch(
      String state, String closedAt, String head, String expected) {
    try (SlipwayServer world = world()) {
      github(world, "pulls", 200, "[" + pull(7, state, closedAt, head) + "]");
      github(world, "commits/" + SlipwayServer.SHA + "/pulls", 200, "[]");
      world.start();
      deploy(world, 42, "vorschau/zwölf");

      assertThat(run(world, "environments", "prune").out())
          .isEqualTo("vorschau/zwölf" + OF + expected + "\n");

      assertThat(world.calls().getFirst()).isEqualTo("GET " + OF_BRANCH);
    }
  }

  @Test
  void or_to_that_of_its_commit_and_an_open_one_keeps_it() {
    try (SlipwayServer world = world()) {
      github(world, "pulls", 200, "[]");
      github(
          world,
          "commits/" + SlipwayServer.SHA + "/pulls",
          200,
          "[" + closed(7) + "," + open(8) + "]");
      world.start();
      deploy(world, 42, "vorschau");

      assertThat(run(world, "environments", "prune").out())
          .isEqualTo("vorschau" + OF + "stays: pull request #8 is open\n");

      assertThat(world.calls()).containsExactly("GET " + OF_BRANCH, "GET " + OF_COMMIT);
    }
  }

  @Test
  void a_credential_that_github_does_not_take_destroys_nothing_and_is_tried_once() {
    try (SlipwayServer world = world()) {
      world
          .services
          .when(request().withMethod("GET"))
          .respond(
              response()
                  .withStatusCode(401)
                  .withHeader("Content-Type", "application/json")
                  .withBody("{\"message\":\"Bad credentials\"}"));
      world.start();
      deploy(world, 42, "pr-12");
      deploy(world, 43, "pr-13");

      assertThat(run(world, "environments", "prune").out())
          .isEqualTo(
              "pr-13"
                  + OF
                  + "stays: GitHub cannot be asked: GitHub answered 401: Bad credentials\n"
                  + "pr-12"
                  + OF
                  + "stays: GitHub cannot be asked: GitHub answered 401: Bad credentials\n");

      assertThat(world.calls()).containsExactly("GET " + REPOSITORY + "pulls/13");
      assertThat(destroyed()).isEmpty();
    }
  }

  @Test
  void one_that_is_named_is_destroyed_whatever_github_says_with_a_reason_that_is_kept() {
    try (SlipwayServer world = world().start()) {
      deploy(world, 42, "pr-12");
      deploy(world, 43, "pr-13");
      String[] words = {
        "environments", "prune", "--repository", "octo-org/hello-world", "--environment", "PR-12"
      };

      CommandRun without = run(world, words);
      assertThat(without.code()).isEqualTo(1);
      assertThat(without.err())
          .isEqualTo("400 reason must say why: GitHub is not asked about this one\n");
      List<String> all = new ArrayList<>(Arrays.asList(words));
      all.addAll(List.of("--reason", "left behind"));
      String who = System.getProperty("user.name") + " (token SLIPWAY_API_TOKEN)";
      assertThat(run(world, all.toArray(String[]::new)))
          .isEqualTo(
              new CommandRun(
                  0,
                  "pr-12" + OF + "is being destroyed: " + who + " asked for it: left behind\n",
                  ""));

      awaitLast(world, 42, "Destroyed: " + who + " asked for it: left behind");
      assertThat(destroyed()).containsExactly("pr-12");
      assertThat(world.calls()).isEmpty();
      assertThat(run(world, "audit").out())
          .contains(
              " destroy by "
                  + who
                  + " (api): deployment 42 of octo-org/hello-world to pr-12: left behind")
          .hasLineCount(1);
      assertThat(run(world, all.toArray(String[]::new)).err())
          .isEqualTo(
              "404 There is no transient environment PR-12 of octo-org/hello-world that may stand\n");
    }
  }

  @Test
  void a_token_sees_and_destroys_only_what_it_is_for() {
    try (SlipwayServer world = world()) {
      github(world, "pulls/12", 200, closed(12));
      world.start();
      deploy(world, 42, "pr-12");
      String reader = token(world, "reader", "read", "*/*");
      String other = token(world, "other", "read,control", "octo-org/other");

      assertThat(post(world, reader, "").statusCode()).isEqualTo(403);
      assertThat(get(world, reader, "/api/environments")).contains("\"environment\":\"pr-12\"");
      assertThat(get(world, other, "/api/environments")).isEqualTo("{\"environments\":[]}");
      assertThat(post(world, other, "").body()).isEqualTo("{\"environments\":[]}");
      HttpResponse<String> forced =
          post(
              world,
              other,
              "{\"repository\":\"octo-org/hello-world\",\"environment\":\"pr-12\",\"reason\":\"x\"}");
      assertThat(forced.statusCode()).as(forced.body()).isEqualTo(404);
      assertThat(world.calls()).isEmpty();
      assertThat(destroyed()).isEmpty();
    }
  }

  private String token(SlipwayServer world, String name, String scopes, String repositories) {
    return CommandRun.of(
            world,
            folder,
            "tokens",
            "create",
            name,
            "--scope",
            scopes,
            "--repository",
            repositories)
        .out()
        .strip();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"environment":"pr-12","reason":"x"} | repository must say whose environment it is
          {"repository":"hello"}               | repository must be owner/name
          {"reason":"x"}                       | host and reason belong to an environment that is named
          {"dry_run":"yes"}                    | dry_run must be true or false
          {"before":0}                         | before must be a whole number above 0
          {"dryrun":true}                      | unknown field \\"dryrun\\"
          """)
  void what_is_wrong_with_a_body_is_said(String body, String problem) {
    try (SlipwayServer world = world().start()) {
      HttpResponse<String> answer = post(world, "api-token-of-the-test", body);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains(problem);
    }
  }

  @Test
  void many_are_worked_through_in_parts() {
    try (SlipwayServer world = world()) {
      world
          .services
          .when(request().withMethod("GET").withPath(REPOSITORY + "pulls/.*"))
          .respond(response().withHeader("Content-Type", "application/json").withBody(closed(1)));
      world.start();
      for (int i = 1; i <= 25; i++) {
        deploy(world, 100 + i, "pr-" + i);
      }

      assertThat(run(world, "environments", "prune", "--dry-run").out())
          .hasLineCount(25)
          .startsWith("pr-25 ")
          .contains("\npr-1 ");
      assertThat(world.calls()).hasSize(25);
      assertThat(run(world, "environments", "--limit", "2").out())
          .hasLineCount(3)
          .endsWith("There may be more: --before 24\n");
    }
  }
}
