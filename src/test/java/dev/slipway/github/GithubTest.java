package dev.slipway.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpError.error;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;
import static org.mockserver.model.JsonBody.json;

import dev.slipway.http.Http;
import dev.slipway.http.JsonCodec;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.Repository;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.matchers.MatchType;
import org.mockserver.model.HttpResponse;
import org.mockserver.verify.VerificationTimes;

/** Creating deployments, resolving commits, and naming hosts. */
class GithubTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final String SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";
  private static final String DEPLOYMENTS = "/repos/octo-org/hello-world/deployments";
  private static final Repository REPOSITORY =
      new Repository("github.com", 0, "octo-org/hello-world");

  private static ClientAndServer server;
  private static Http http;
  private static Github github;

  @BeforeAll
  static void start() {
    server = ClientAndServer.startClientAndServer(0);
    http = new Http(Duration.ofSeconds(30), "Slipway/test");
    github =
        new Github(
            new GithubConfig(
                URI.create("http://127.0.0.1:" + server.getPort() + "/"),
                new Secret("ghp_token"),
                GithubConfig.API_VERSION),
            http,
            () -> NOW);
  }

  @AfterAll
  static void stop() {
    http.close();
    server.stop();
  }

  @BeforeEach
  void reset() {
    server.reset();
  }

  private static Deployment wanted(@Nullable String sha, String ref, String payload) {
    return new Deployment(
        REPOSITORY,
        null,
        sha,
        ref,
        new Environment("staging", true, false),
        "deploy:migrations",
        payload,
        "from the API",
        "API",
        NOW);
  }

  private static CreateResult create(Optional<List<String>> contexts) throws InterruptedException {
    return github.create(wanted(null, "main", "{}"), contexts);
  }

  private static HttpResponse answer(int status, String body) {
    return response()
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json")
        .withBody(body);
  }

  private static void githubAnswers(int status, String body) {
    server.when(request().withMethod("POST").withPath(DEPLOYMENTS)).respond(answer(status, body));
  }

  private static void githubCreates() {
    githubAnswers(201, "{\"id\":42,\"sha\":\"" + SHA + "\",\"ref\":\"main\"}");
  }

  private static void verifyBody(String body) {
    server.verify(
        request()
            .withMethod("POST")
            .withPath(DEPLOYMENTS)
            .withHeader("Authorization", "Bearer ghp_token")
            .withHeader("Content-Type", "application/json")
            .withBody(json(body, MatchType.STRICT)),
        VerificationTimes.exactly(1));
  }

  /** Whatever stands in GitHub's place may quote what it was sent; it is logged, kept and shown. */
  @Test
  void what_is_said_about_a_refusal_is_one_short_line_without_the_credential() throws Exception {
    String token = "tok-of-a-proxy-which-has-no-shape";
    Github redacting =
        new Github(
            new GithubConfig(
                URI.create("http://127.0.0.1:" + server.getPort()),
                new Secret(token),
                GithubConfig.API_VERSION),
            http,
            () -> NOW,
            new Redactor(List.of(new Secret(token))));
    githubAnswers(
        403,
        "{\"message\":\"no\\u001b[31m\\r\\n2026 INFO \\u009b1m%s %s\"}"
            .formatted(token, "x".repeat(5000)));

    assertThat(redacting.create(wanted(null, "main", "{}"), Optional.empty()))
        .isInstanceOfSatisfying(
            CreateResult.Declined.class,
            declined ->
                assertThat(declined.reason())
                    .startsWith("no [31m 2026 INFO 1m***")
                    .endsWith("x…")
                    .hasSize(300));
  }

  @Test
  void a_created_deployment_has_githubs_id_and_commit() throws Exception {
    githubCreates();

    CreateResult creation = create(Optional.empty());

    assertThat(creation)
        .isInstanceOfSatisfying(
            CreateResult.Created.class,
            created -> {
              assertThat(created.deployment().githubId()).isEqualTo(42);
              assertThat(created.deployment().sha()).isEqualTo(SHA);
              assertThat(created.deployment().environment())
                  .isEqualTo(new Environment("staging", true, false));
            });
    verifyBody(
        """
        {"ref":"main","task":"deploy:migrations","auto_merge":false,"environment":"staging",
        "description":"from the API","transient_environment":true,
        "production_environment":false,"payload":{}}""");
  }

  @Test
  void an_exact_commit_is_what_github_is_asked_for() throws Exception {
    githubCreates();

    github.create(wanted(SHA, "main", "{}"), Optional.empty());

    assertThat(sent("ref").stringValue()).isEqualTo(SHA);
  }

  private static tools.jackson.databind.JsonNode sent(String field) {
    return JsonCodec.read(server.retrieveRecordedRequests(request())[0].getBodyAsString())
        .path(field);
  }

  @Test
  void named_checks_are_handed_on() throws Exception {
    githubCreates();

    create(Optional.of(List.of("ci/build", "ci/test")));

    assertThat(sent("required_contexts").toString()).isEqualTo("[\"ci/build\",\"ci/test\"]");
  }

  @Test
  void an_empty_list_of_checks_is_handed_on_for_it_skips_them() throws Exception {
    githubCreates();

    create(Optional.of(List.of()));

    assertThat(sent("required_contexts").toString()).isEqualTo("[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"reason\":\"because\",\"n\":[1,2]}", "\"just text\""})
  void the_payload_arrives_as_it_is(String payload) throws Exception {
    githubCreates();

    github.create(wanted(null, "main", payload), Optional.empty());

    assertThat(sent("payload").toString()).isEqualTo(payload);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1,2]", "7", "true"})
  void a_payload_that_github_does_not_take_arrives_as_its_text(String payload) throws Exception {
    githubCreates();

    github.create(wanted(null, "main", payload), Optional.empty());

    assertThat(sent("payload").isString()).isTrue();
    assertThat(sent("payload").stringValue()).isEqualTo(payload);
  }

  @Test
  void no_payload_arrives_as_an_empty_object() throws Exception {
    githubCreates();

    github.create(wanted(null, "main", "null"), Optional.empty());

    assertThat(sent("payload").toString()).isEqualTo("{}");
  }

  @Test
  void a_merge_instead_of_a_deployment_is_said() throws Exception {
    githubAnswers(202, "{\"message\":\"Auto-merged main into topic on deployment.\"}");

    assertThat(create(Optional.empty()))
        .isInstanceOfSatisfying(
            CreateResult.Declined.class,
            declined -> {
              assertThat(declined.status()).isEqualTo(202);
              assertThat(declined.reason()).contains("Auto-merged main");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "409, Conflict: Commit status checks failed for main.",
    "422, No ref found for: nope",
    "401, Bad credentials",
    "404, Not Found"
  })
  void a_no_of_githubs_is_handed_on_with_its_reason(int status, String message) throws Exception {
    githubAnswers(status, "{\"message\":\"" + message + "\"}");

    assertThat(create(Optional.empty())).isEqualTo(new CreateResult.Declined(status, message));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503})
  void a_broken_github_leaves_it_open_whether_there_is_a_deployment(int status) throws Exception {
    githubAnswers(status, "<html>Unicorn!</html>");

    assertThat(create(Optional.empty()))
        .isEqualTo(new CreateResult.Failed("GitHub answered " + status));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html></html>",
        "{\"id\":42",
        "{\"id\":42}",
        "{\"id\":42,\"sha\":\"main\"}",
        "{\"id\":0,\"sha\":\"f95f852bd8fca8fcc58a9a2d6c842781e32a215e\"}"
      })
  void a_201_without_id_or_commit_is_no_deployment(String body) throws Exception {
    githubAnswers(201, body);

    assertThat(create(Optional.empty())).isInstanceOf(CreateResult.Failed.class);
  }

  @Test
  void a_lost_answer_is_a_failure() throws Exception {
    server
        .when(request().withMethod("POST").withPath(DEPLOYMENTS))
        .error(error().withDropConnection(true));

    assertThat(create(Optional.empty())).isInstanceOf(CreateResult.Failed.class);
  }

  @Test
  void without_a_token_github_is_not_called() throws Exception {
    Github closed =
        new Github(
            new GithubConfig(
                URI.create("http://127.0.0.1:" + server.getPort()), null, GithubConfig.API_VERSION),
            http,
            () -> NOW);

    assertThat(closed.hasCredential()).isFalse();
    assertThat(closed.create(wanted(null, "main", "{}"), Optional.empty()))
        .isEqualTo(new CreateResult.Failed("GITHUB_TOKEN is not set"));
    assertThat(server.retrieveRecordedRequests(request())).isEmpty();
  }

  @Test
  void a_branch_is_resolved_to_its_commit() throws Exception {
    server
        .when(request().withMethod("GET").withPath("/repos/octo-org/hello-world/commits/.*"))
        .respond(answer(200, "{\"sha\":\"" + SHA + "\"}"));

    assertThat(github.resolveCommit(REPOSITORY, "feature/a b+c?d#e")).contains(SHA);

    assertThat(server.retrieveRecordedRequests(request())[0].getPath().getValue())
        .isIn(
            "/repos/octo-org/hello-world/commits/feature%2Fa%20b%2Bc%3Fd%23e",
            "/repos/octo-org/hello-world/commits/feature/a b+c?d#e");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404|{\"message\":\"Not Found\"}",
        "422|{\"message\":\"No commit found for SHA: nope\"}",
        "502|<html></html>",
        "200|{\"sha\":\"not-a-commit\"}",
        "200|{}"
      })
  void what_is_no_commit_is_not_resolved(int status, String body) throws Exception {
    server.when(request()).respond(answer(status, body));

    assertThat(github.resolveCommit(REPOSITORY, "nope")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.github.com, github.com",
    "https://github.example.com/api/v3, github.example.com",
    "https://api.octocorp.ghe.com, octocorp.ghe.com"
  })
  void the_host_that_people_see_follows_from_the_address_of_the_api(URI api, String host) {
    assertThat(new GithubConfig(api, null, GithubConfig.API_VERSION).host()).isEqualTo(host);
    assertThat(
            new Github(new GithubConfig(api, null, GithubConfig.API_VERSION), http, () -> NOW)
                .host())
        .isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource({"204, true", "404, true", "422, false", "403, false", "401, false", "500, false"})
  void a_deployment_is_deleted_or_not_now(int status, boolean isGone) throws Exception {
    server
        .when(request().withMethod("DELETE").withPath(DEPLOYMENTS + "/42"))
        .respond(answer(status, "{\"message\":\"We cannot delete an active deployment\"}"));

    DeleteResult result = github.delete(REPOSITORY, 42);

    assertThat(result)
        .isEqualTo(
            isGone
                ? new DeleteResult.Gone()
                : new DeleteResult.NotNow(
                    "GitHub answered " + status + ": We cannot delete an active deployment"));
    server.verify(
        request()
            .withMethod("DELETE")
            .withPath(DEPLOYMENTS + "/42")
            .withHeader("Authorization", "Bearer ghp_token"));
  }
}
