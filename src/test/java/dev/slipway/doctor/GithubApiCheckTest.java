package dev.slipway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.check.CheckResult;
import dev.slipway.github.AppKeys;
import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.targets.ProviderMessages;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What GitHub's answers about itself mean. */
class GithubApiCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Http HTTP = new Http(Duration.ofSeconds(5), "Slipway/test");

  @AfterAll
  static void close() {
    HTTP.close();
  }

  private static GithubApiCheck check(String url) {
    GithubConfig config =
        new GithubConfig(URI.create(url), new Secret("ghp_hush"), GithubConfig.API_VERSION);
    return new GithubApiCheck(
        config,
        new Github(config, HTTP, () -> NOW),
        app(config),
        new ProviderMessages("GitHub", List.of("ghp_hush"), new Redactor(List.of())),
        () -> NOW);
  }

  private static AppCheck app(GithubConfig config) {
    return new AppCheck(
        new Github(config, HTTP, () -> NOW),
        URI.create("https://deploy.example.com/webhooks/github"),
        false,
        new ProviderMessages("GitHub", List.of(), new Redactor(List.of())));
  }

  @Test
  void a_missing_credential_is_told_once_even_when_github_does_not_answer() {
    GithubConfig config =
        new GithubConfig(URI.create("https://api.github.com"), null, GithubConfig.API_VERSION);
    ProviderMessages messages = new ProviderMessages("GitHub", List.of(), new Redactor(List.of()));
    GithubApiCheck check =
        new GithubApiCheck(
            config, new Github(config, HTTP, () -> NOW), app(config), messages, () -> NOW);

    for (Reply reply : List.of(answer(200, Map.of(), "{}"), new Reply.NotSent("no name", true))) {
      assertThat(lines(check.results(reply, NOW)))
          .filteredOn(line -> line.startsWith("failure|GitHub credential|GITHUB_TOKEN is not set"))
          .hasSize(1);
    }
  }

  private static Reply answer(int status, Map<String, String> headers, String body) {
    return new Reply.Answered(status, headers, body);
  }

  private static List<String> lines(List<CheckResult> results) {
    return results.stream()
        .map(
            result ->
                "%s|%s|%s|%s"
                    .formatted(
                        result.outcome().code(),
                        result.subject(),
                        result.detail(),
                        result.advice()))
        .toList();
  }

  @Test
  void github_com_and_a_server_are_told_apart() {
    assertThat(
            lines(
                check("https://api.github.com")
                    .results(
                        answer(
                            200,
                            Map.of("Date", "Sun, 22 Nov 2026 10:00:00 GMT"),
                            "{\"hooks\":[\"192.30.252.0/22\"]}"),
                        NOW)))
        .containsExactly(
            "ok|GitHub API|GitHub answers at https://api.github.com|",
            "ok|GitHub credential|GitHub takes it|",
            "ok|clock|this machine's clock and GitHub's agree|");
    assertThat(
            lines(
                check("https://git.example.com/api/v3")
                    .results(answer(200, Map.of(), "{\"installed_version\":\"3.19.0\"}"), NOW)))
        .containsExactly(
            "ok|GitHub API|GitHub Enterprise Server 3.19.0 answers at"
                + " https://git.example.com/api/v3|",
            "ok|GitHub credential|GitHub takes it|");
    assertThat(
            lines(
                check("https://git.example.com/api/v3")
                    .results(
                        answer(
                            401,
                            Map.of("X-GitHub-Enterprise-Version", "3.20.1"),
                            "{\"message\":\"Bad credentials ghp_hush\"}"),
                        NOW)))
        .containsExactly(
            "ok|GitHub API|GitHub Enterprise Server 3.20.1 answers at"
                + " https://git.example.com/api/v3|",
            "failure|GitHub credential|GitHub answered 401: Bad credentials ***|GITHUB_TOKEN is"
                + " wrong or has expired: set a new one and restart the server");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          write | push,deployment | ok      | may write deployments, and tells of them
          write | push            | failure | does not subscribe to deployments
          read  | deployment      | failure | may not write deployments
          ''    | deployment      | failure | may not write deployments
          """)
  void a_github_app_may_write_deployments_and_tells_of_them(
      String permission, String events, String outcome, String words) {
    GithubConfig config =
        new GithubConfig(
            URI.create("https://api.github.com"),
            null,
            AppKeys.credential("Iv23liAbc"),
            GithubConfig.API_VERSION);
    GithubApiCheck check =
        new GithubApiCheck(
            config,
            new Github(config, HTTP, () -> NOW),
            app(config),
            new ProviderMessages("GitHub", List.of(), new Redactor(List.of())),
            () -> NOW);
    String body =
        "{\"name\":\"Slipway Acme\",\"permissions\":{\"metadata\":\"read\",\"deployments\":\"%s\"},\"events\":[\"%s\"]}"
            .formatted(permission, events.replace(",", "\",\""));

    assertThat(check.results(answer(200, Map.of(), body), NOW).getLast())
        .satisfies(
            result -> {
              assertThat(result.subject()).isEqualTo("GitHub App");
              assertThat(result.outcome().code()).isEqualTo(outcome);
              assertThat(result.detail()).startsWith("Slipway Acme ").contains(words);
            });
    assertThat(check.results(answer(401, Map.of(), "{\"message\":\"no\"}"), NOW)).hasSize(2);
  }

  @Test
  void what_is_no_api_is_named_with_the_address_that_is_missing() {
    assertThat(
            lines(
                check("https://git.example.com")
                    .results(answer(200, Map.of(), "<html>sign in</html>"), NOW)))
        .first()
        .isEqualTo(
            "failure|GitHub API|what answers 200 at https://git.example.com is not GitHub's API|set"
                + " GITHUB_API_URL to https://HOST/api/v3, where GitHub Enterprise Server has it");
    assertThat(lines(check("https://api.github.com").results(answer(404, Map.of(), "[]"), NOW)))
        .first()
        .asString()
        .startsWith("failure|GitHub API|")
        .endsWith("|look at GITHUB_API_URL and at proxies in between");
  }

  @ParameterizedTest
  @CsvSource({
    "500, {}, failure",
    "400, {\"message\":\"no such version\"}, failure",
    "403, {\"message\":\"secondary rate limit\"}, ok",
    "407, {\"message\":\"login\"}, ok"
  })
  void an_answer_of_the_api_shows_that_it_is_there_unless_it_is_broken(
      int status, String body, String outcome) {
    assertThat(
            check("https://api.github.com")
                .results(answer(status, Map.of(), body), NOW)
                .getFirst()
                .outcome()
                .code())
        .isEqualTo(outcome);
  }

  @Test
  void who_is_not_reached_is_judged_by_nothing_else() {
    assertThat(
            lines(
                check("https://api.github.com")
                    .results(new Reply.NotSent("no connection to api.github.com", true), NOW)))
        .containsExactly(
            "failure|GitHub API|GitHub was not reached: no connection to api.github.com|look at"
                + " GITHUB_API_URL, the network, HTTPS_PROXY and SLIPWAY_CA_FILE");
  }

  @ParameterizedTest
  @CsvSource({
    "0, false, ok, agree",
    "-2, false, ok, agree",
    "3, false, ok, 3 s behind",
    "30, false, ok, 30 s behind",
    "-30, true, ok, 30 s ahead of",
    "31, true, warning, 31 s behind",
    "60, true, warning, 60 s behind",
    "61, true, failure, 61 s behind",
    "-61, true, failure, 61 s ahead of",
    "-3600, false, warning, 3600 s ahead of"
  })
  void clocks_may_be_half_a_minute_apart_and_a_minute_where_they_sign(
      long seconds, boolean signs, String outcome, String words) {
    CheckResult result = GithubApiCheck.skew(Duration.ofSeconds(seconds), signs);

    assertThat(result.outcome().code()).isEqualTo(outcome);
    assertThat(result.detail()).contains(words);
  }

  @ParameterizedTest
  @CsvSource({
    "200, 5000, 4999, ok, 4999 of 5000",
    "200, 5000, 500, ok, 500 of 5000",
    "200, 5000, 499, warning, 499 of 5000",
    "200, 5000, 0, failure, 0 of 5000",
    "404, 0, 0, ok, limits no calls",
    "401, 0, 0, skipped, cannot be read"
  })
  void a_tenth_of_the_calls_should_be_left(
      int status, int limit, int remaining, String outcome, String words) {
    String body =
        "{\"resources\":{\"core\":{\"limit\":%d,\"remaining\":%d,\"reset\":%d}}}"
            .formatted(limit, remaining, NOW.plusSeconds(600).getEpochSecond());

    CheckResult result =
        check("https://api.github.com").rateLimit(answer(status, Map.of(), body), NOW);

    assertThat(result.outcome().code()).isEqualTo(outcome);
    assertThat(result.detail()).contains(words);
    assertThat(result.advice().contains("in 11 min")).isEqualTo(remaining < 500 && limit > 0);
  }
}
