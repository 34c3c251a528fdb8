package dev.slipway.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.http.Http;
import dev.slipway.model.GithubState;
import dev.slipway.model.Repository;
import dev.slipway.model.Status;
import dev.slipway.secret.Redactor;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpRequest;
import org.mockserver.model.HttpResponse;
import tools.jackson.databind.JsonNode;

/** The calls of a GitHub App, on a GitHub that answers as each test says. */
@ResourceLock("github of the apps")
class GithubAppTest {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  private static final Status LIVE = new Status(GithubState.SUCCESS, "Live");
  private static final Repository UNKNOWN = new Repository("127.0.0.1", 7, "octo-org/hello-world");
  private static final Repository OF_EVENT =
      new Repository("127.0.0.1", 7, "octo-org/hello-world", 11);
  private static final String LOOKUP = "/repos/octo-org/hello-world/installation";
  private static final String POST = "/repos/octo-org/hello-world/deployments/42/statuses";
  private static final String BAD_CREDENTIALS =
      "{\"message\":\"Bad credentials\",\"documentation_url\":\"https://docs.github.com/rest\"}";
  private static final String NOT_FOUND =
      "{\"message\":\"Not Found\",\"documentation_url\":\"https://docs.github.com/rest\"}";

  private static ClientAndServer server;
  private static Http http;

  private final Redactor redactor = new Redactor(List.of());
  private final AtomicInteger minted = new AtomicInteger();
  private Instant now = T0;
  private Github github;

  @BeforeAll
  static void start() {
    server = ClientAndServer.startClientAndServer(0);
    http = new Http(Duration.ofSeconds(30), "Slipway/test");
  }

  @AfterAll
  static void stop() {
    http.close();
    server.stop();
  }

  @BeforeEach
  void set_up() {
    server.reset();
    github = github("", null);
  }

  private Github github(String base, @Nullable Long installation) {
    return new Github(
        new GithubConfig(
            URI.create("http://127.0.0.1:" + server.getPort() + base),
            null,
            new AppCredential("Iv23liAbc", AppKeys.key(), installation),
            GithubConfig.API_VERSION),
        http,
        () -> now,
        redactor);
  }

  private static String mint(long installation) {
    return "/app/installations/" + installation + "/access_tokens";
  }

  /** As long as GitHub's are. */
  private static String token(int number) {
    return "ghs_12345_" + number + "." + "a".repeat(400) + "." + "b".repeat(100);
  }

  private static HttpResponse answer(int status, String json) {
    return response()
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json")
        .withBody(json);
  }

  private static void once(String path, HttpResponse answer) {
    server.when(request().withPath(path), Times.once()).respond(answer);
  }

  private static void always(String path, HttpResponse answer) {
    server.when(request().withPath(path)).respond(answer);
  }

  /** Another token each time, for an hour from now on. */
  private void mints(String path) {
    server
        .when(request().withMethod("POST").withPath(path))
        .respond(
            _ ->
                answer(
                    201,
                    "{\"token\":\"%s\",\"expires_at\":\"%s\"}"
                        .formatted(
                            token(minted.incrementAndGet()), now.plus(Duration.ofHours(1)))));
  }

  private static void takesStatuses() {
    always(POST, answer(201, "{\"id\":901}"));
  }

  private PostResult post(Repository repository) throws InterruptedException {
    return github.post(repository, 42, LIVE, true, Optional.empty());
  }

  private static List<HttpRequest> requests() {
    return Arrays.asList(server.retrieveRecordedRequests(request()));
  }

  private static List<String> calls() {
    return requests().stream()
        .map(call -> call.getMethod().getValue() + " " + call.getPath().getValue())
        .toList();
  }

  private static String bearer(HttpRequest call) {
    return call.getFirstHeader("Authorization").substring("Bearer ".length());
  }

  private static PostResult.Refused refused(PostResult result) {
    return (PostResult.Refused) result;
  }

  @Test
  void a_status_is_posted_with_the_token_of_the_repositorys_installation() throws Exception {
    always(LOOKUP, answer(200, "{\"id\":11,\"app_id\":5}"));
    mints(mint(11));
    takesStatuses();

    assertThat(post(UNKNOWN)).isEqualTo(new PostResult.Accepted(901));
    assertThat(post(UNKNOWN)).isEqualTo(new PostResult.Accepted(901));

    assertThat(calls())
        .containsExactly("GET " + LOOKUP, "POST " + mint(11), "POST " + POST, "POST " + POST);
    for (HttpRequest asApp : requests().subList(0, 2)) {
      JsonNode claims = AppKeys.verified(bearer(asApp), AppKeys.PAIR.getPublic());
      assertThat(claims.path("iss").asString()).isEqualTo("Iv23liAbc");
      assertThat(claims.path("iat").asLong()).isEqualTo(T0.getEpochSecond() - 60);
      assertThat(claims.path("exp").asLong())
          .isBetween(T0.getEpochSecond(), T0.getEpochSecond() + 600);
      assertThat(asApp.getFirstHeader("Accept")).isEqualTo("application/vnd.github+json");
      assertThat(asApp.getFirstHeader("X-GitHub-Api-Version")).isEqualTo("2022-11-28");
    }
    assertThat(requests().get(1).getBodyAsString())
        .satisfies(
            body ->
                assertThat(AppKeys.json(body))
                    .isEqualTo(
                        AppKeys.json(
                            "{\"permissions\":{\"contents\":\"read\",\"deployments\":\"write\"}}")));
    assertThat(requests().subList(2, 4)).extracting(GithubAppTest::bearer).containsOnly(token(1));
    assertThat(redactor.redact(token(1)).text()).isEqualTo(Redactor.MASK);
  }

  @Test
  void the_installation_that_the_event_named_or_that_was_set_is_not_looked_up() throws Exception {
    mints("/app/installations/.*");
    takesStatuses();

    assertThat(post(OF_EVENT)).isInstanceOf(PostResult.Accepted.class);
    github = github("", 12L);
    assertThat(post(OF_EVENT)).isInstanceOf(PostResult.Accepted.class);

    assertThat(calls())
        .containsExactly("POST " + mint(11), "POST " + POST, "POST " + mint(12), "POST " + POST);
  }

  @Test
  void an_enterprise_server_is_called_below_its_own_path() throws Exception {
    github = github("/api/v3", null);
    always("/api/v3" + LOOKUP, answer(200, "{\"id\":11}"));
    mints("/api/v3" + mint(11));
    always("/api/v3" + POST, answer(201, "{\"id\":901}"));

    assertThat(post(UNKNOWN)).isEqualTo(new PostResult.Accepted(901));
    assertThat(calls())
        .containsExactly("GET /api/v3" + LOOKUP, "POST /api/v3" + mint(11), "POST /api/v3" + POST);
  }

  @Test
  void a_token_is_renewed_before_its_end() throws Exception {
    mints(mint(11));
    takesStatuses();
    post(OF_EVENT);
    now = T0.plus(Duration.ofMinutes(54));
    post(OF_EVENT);
    assertThat(minted).hasValue(1);

    now = T0.plus(Duration.ofMinutes(56));
    post(OF_EVENT);

    assertThat(minted).hasValue(2);
    assertThat(bearer(requests().getLast())).isEqualTo(token(2));
  }

  @Test
  void a_token_is_used_to_its_end_while_github_gives_no_other() throws Exception {
    once(
        mint(11), answer(201, "{\"token\":\"ghs_first\",\"expires_at\":\"2026-11-22T11:00:00Z\"}"));
    always(mint(11), answer(503, "{\"message\":\"Unicorn!\"}"));
    takesStatuses();
    post(OF_EVENT);

    now = T0.plus(Duration.ofMinutes(59));
    assertThat(post(OF_EVENT)).isInstanceOf(PostResult.Accepted.class);
    now = T0.plus(Duration.ofMinutes(61));
    assertThat(post(OF_EVENT))
        .isEqualTo(
            new PostResult.RetryLater(
                "GitHub answered 503: Unicorn!", Duration.ZERO, false, false));
  }

  @Test
  void a_token_that_was_revoked_is_renewed_once() throws Exception {
    mints(mint(11));
    once(POST, answer(201, "{\"id\":901}"));
    once(POST, answer(401, BAD_CREDENTIALS));
    once(POST, answer(201, "{\"id\":902}"));
    always(POST, answer(401, BAD_CREDENTIALS));

    assertThat(post(OF_EVENT)).isEqualTo(new PostResult.Accepted(901));
    assertThat(post(OF_EVENT)).isEqualTo(new PostResult.Accepted(902));
    assertThat(minted).hasValue(2);

    PostResult.Refused refused = refused(post(OF_EVENT));
    assertThat(minted).hasValue(3);
    assertThat(refused.scope()).isEqualTo(PostResult.Scope.REPOSITORY);
    assertThat(refused.reason()).contains("401", "installation of the GitHub App");
  }

  @Test
  void the_hourly_limit_of_an_installation_rests_that_one_alone_and_without_a_call()
      throws Exception {
    Repository other = new Repository("127.0.0.1", 8, "acme/web", 12);
    String otherPost = "/repos/acme/web/deployments/42/statuses";
    mints(mint(11));
    mints(mint(12));
    once(
        POST,
        answer(403, "{\"message\":\"API rate limit exceeded\"}")
            .withHeader("X-RateLimit-Remaining", "0")
            .withHeader("X-RateLimit-Reset", Long.toString(T0.getEpochSecond() + 600)));
    always(POST, answer(201, "{\"id\":901}"));
    always(otherPost, answer(201, "{\"id\":902}"));

    PostResult.Refused refused = refused(post(OF_EVENT));
    assertThat(refused.scope()).isEqualTo(PostResult.Scope.REPOSITORY);
    assertThat(refused.reason()).contains("hourly limit", "2026-11-22T10:10:01Z");
    int asked = calls().size();
    assertThat(refused(post(OF_EVENT))).isEqualTo(refused);
    assertThat(calls()).as("nobody is asked until then").hasSize(asked);
    assertThat(post(other)).isEqualTo(new PostResult.Accepted(902));

    now = T0.plusSeconds(601);
    assertThat(post(OF_EVENT)).isEqualTo(new PostResult.Accepted(901));
  }

  @Test
  void another_limit_is_for_the_whole_host() throws Exception {
    mints(mint(11));
    once(
        POST,
        answer(403, "{\"message\":\"You have exceeded a secondary rate limit\"}")
            .withHeader("Retry-After", "60"));

    assertThat(post(OF_EVENT))
        .isInstanceOfSatisfying(
            PostResult.RetryLater.class, later -> assertThat(later.forAll()).isTrue());
  }

  @Test
  void an_app_that_was_installed_again_is_found_under_its_new_number() throws Exception {
    always(mint(11), answer(404, NOT_FOUND));
    always(LOOKUP, answer(200, "{\"id\":12}"));
    mints(mint(12));
    takesStatuses();

    assertThat(post(OF_EVENT)).isEqualTo(new PostResult.Accepted(901));
    assertThat(post(OF_EVENT)).isEqualTo(new PostResult.Accepted(901));

    assertThat(calls())
        .containsExactly(
            "POST " + mint(11),
            "GET " + LOOKUP,
            "POST " + mint(12),
            "POST " + POST,
            "POST " + POST);
  }

  @Test
  void an_app_that_is_not_installed_concerns_its_repository_alone() throws Exception {
    always(mint(11), answer(404, NOT_FOUND));
    always(LOOKUP, answer(404, NOT_FOUND));

    PostResult.Refused refused = refused(post(OF_EVENT));

    assertThat(refused.scope()).isEqualTo(PostResult.Scope.REPOSITORY);
    assertThat(refused.reason()).contains("404", "The GitHub App is not installed");
    assertThat(github.read(OF_EVENT, "deployments", Optional.empty()))
        .isEqualTo(new ReadResult.RetryLater(refused.reason(), false));
  }

  @Test
  void an_installation_that_is_suspended_or_may_not_write_concerns_its_repositories_alone()
      throws Exception {
    once(mint(11), answer(403, "{\"message\":\"This installation has been suspended\"}"));
    once(mint(11), answer(403, "{\"message\":\"You have exceeded a secondary rate limit\"}"));
    always(mint(11), answer(422, "{\"message\":\"The permissions requested are not granted\"}"));

    PostResult.Refused suspended = refused(post(OF_EVENT));
    assertThat(suspended.scope()).isEqualTo(PostResult.Scope.REPOSITORY);
    assertThat(suspended.reason()).contains("This installation has been suspended");
    assertThat(post(OF_EVENT))
        .isInstanceOfSatisfying(
            PostResult.RetryLater.class,
            later -> assertThat(later.forAll() && !later.inDoubt()).isTrue());
    PostResult.Refused poor = refused(post(OF_EVENT));
    assertThat(poor.scope()).isEqualTo(PostResult.Scope.REPOSITORY);
    assertThat(poor.reason()).contains("Deployments: read and write");
  }

  @Test
  void pull_requests_are_read_with_a_token_for_nothing_else() throws Exception {
    mints(mint(11));
    always(
        "/repos/octo-org/hello-world/pulls/12", answer(200, "{\"number\":12,\"state\":\"open\"}"));
    takesStatuses();
    PullRequests pullRequests = new PullRequests(GithubHosts.of(github));

    post(OF_EVENT);
    assertThat(pullRequests.numbered(OF_EVENT, 12))
        .isInstanceOfSatisfying(
            PullRequests.Answer.Known.class,
            known -> assertThat(known.found().getFirst().isClosed()).isFalse());

    assertThat(calls())
        .containsExactly(
            "POST " + mint(11),
            "POST " + POST,
            "POST " + mint(11),
            "GET /repos/octo-org/hello-world/pulls/12");
    assertThat(requests().get(2).getBodyAsString())
        .satisfies(
            body ->
                assertThat(AppKeys.json(body))
                    .isEqualTo(AppKeys.json("{\"permissions\":{\"pull_requests\":\"read\"}}")));
    assertThat(bearer(requests().get(3))).isEqualTo(token(2));
  }

  @Test
  void an_app_that_may_not_read_pull_requests_says_what_it_lacks() throws Exception {
    always(mint(11), answer(422, "{\"message\":\"The permissions requested are not granted\"}"));

    assertThat(new PullRequests(GithubHosts.of(github)).numbered(OF_EVENT, 12))
        .isInstanceOfSatisfying(
            PullRequests.Answer.Unknown.class,
            unknown -> {
              assertThat(unknown.reason()).contains("422", "Pull requests: read");
              assertThat(unknown.forAll()).isFalse();
            });
  }

  @Test
  void an_app_that_may_not_read_commits_gets_a_token_without_that() throws Exception {
    server
        .when(
            request().withPath(mint(11)).withBody("{\"permissions\":{\"deployments\":\"write\"}}"))
        .respond(answer(201, "{\"token\":\"ghs_less\",\"expires_at\":\"2026-11-22T11:00:00Z\"}"));
    always(mint(11), answer(422, "{\"message\":\"The permissions requested are not granted\"}"));
    takesStatuses();

    post(OF_EVENT);
    now = T0.plus(Duration.ofHours(2));
    post(OF_EVENT);

    assertThat(calls())
        .containsExactly(
            "POST " + mint(11),
            "POST " + mint(11),
            "POST " + POST,
            "POST " + mint(11),
            "POST " + POST);
  }

  @Test
  void a_key_that_github_does_not_take_concerns_everything() throws Exception {
    always(mint(11), answer(401, BAD_CREDENTIALS));

    PostResult.Refused refused = refused(post(OF_EVENT));

    assertThat(refused.scope()).isEqualTo(PostResult.Scope.EVERYTHING);
    assertThat(refused.reason()).contains("401", "GITHUB_APP_PRIVATE_KEY");
    assertThat(calls()).hasSize(1);
  }

  @Test
  void a_wrong_installation_that_was_set_is_named() throws Exception {
    github = github("", 12L);
    always(mint(12), answer(404, NOT_FOUND));

    PostResult.Refused refused = refused(post(OF_EVENT));

    assertThat(refused.scope()).isEqualTo(PostResult.Scope.EVERYTHING);
    assertThat(refused.reason()).contains("GITHUB_APP_INSTALLATION_ID");
  }

  @Test
  void a_clock_that_is_off_is_corrected_by_githubs() throws Exception {
    Instant theirs = T0.plus(Duration.ofMinutes(20));
    once(
        mint(11),
        answer(401, "{\"message\":\"'Expiration time' claim ('exp') is in the past\"}")
            .withHeader(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs.atOffset(ZoneOffset.UTC))));
    once(
        mint(11),
        answer(
            201,
            "{\"token\":\"ghs_right\",\"expires_at\":\"%s\"}"
                .formatted(theirs.plus(Duration.ofHours(1)))));
    takesStatuses();

    assertThat(post(OF_EVENT)).isInstanceOf(PostResult.Accepted.class);
    assertThat(
            AppKeys.verified(bearer(requests().get(1)), AppKeys.PAIR.getPublic())
                .path("iat")
                .asLong())
        .isEqualTo(theirs.getEpochSecond() - 60);

    now = T0.plus(Duration.ofMinutes(50));
    assertThat(post(OF_EVENT)).isInstanceOf(PostResult.Accepted.class);
    assertThat(calls()).hasSize(4);
  }

  @Test
  void many_calls_at_once_ask_for_one_token() throws Exception {
    mints(mint(11));
    takesStatuses();

    List<PostResult> results = new ArrayList<>();
    try (var calls = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<PostResult> call = () -> post(OF_EVENT);
      for (var done : calls.invokeAll(Collections.nCopies(16, call))) {
        results.add(done.get());
      }
    }

    assertThat(results).containsOnly(new PostResult.Accepted(901)).hasSize(16);
    assertThat(minted).hasValue(1);
  }

  @Test
  void a_repository_with_another_owner_is_looked_up_again() throws Exception {
    mints("/app/installations/.*");
    always(LOOKUP, answer(200, "{\"id\":12}"));
    always("/repos/octo-org/hello-world", answer(404, NOT_FOUND));
    takesStatuses();
    post(OF_EVENT);

    assertThat(github.repositoryId(OF_EVENT)).isEmpty();
    post(OF_EVENT);

    assertThat(calls()).containsSequence("GET " + LOOKUP, "POST " + mint(12), "POST " + POST);
  }

  /** One that everybody may read is no 404 to the installation of the owner before. */
  @Test
  void a_public_repository_with_another_owner_is_looked_up_when_it_may_not_be_written()
      throws Exception {
    mints("/app/installations/.*");
    always(LOOKUP, answer(200, "{\"id\":12}"));
    once(POST, answer(403, "{\"message\":\"Resource not accessible by integration\"}"));
    takesStatuses();

    assertThat(refused(post(OF_EVENT)).scope()).isEqualTo(PostResult.Scope.REPOSITORY);
    assertThat(post(OF_EVENT)).isEqualTo(new PostResult.Accepted(901));

    assertThat(calls())
        .containsExactly(
            "POST " + mint(11),
            "POST " + POST,
            "GET " + LOOKUP,
            "POST " + mint(12),
            "POST " + POST);
  }

  @Test
  void an_answer_without_a_token_is_asked_for_again_later() throws Exception {
    once(mint(11), answer(201, "{}"));
    once(mint(11), answer(201, "{\"token\":\"two\\nlines\"}"));
    once(mint(11), answer(201, "{\"token\":\"v1.0123456789\"}"));
    takesStatuses();

    assertThat(post(OF_EVENT)).isInstanceOf(PostResult.RetryLater.class);
    assertThat(post(OF_EVENT)).isInstanceOf(PostResult.RetryLater.class);
    assertThat(post(OF_EVENT)).isInstanceOf(PostResult.Accepted.class);
  }
}
