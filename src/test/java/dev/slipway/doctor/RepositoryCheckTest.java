package dev.slipway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.check.CheckResult;
import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.model.Repository;
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

/** What can be known of a repository and of the right to post statuses there. */
class RepositoryCheckTest {
  private static final Http HTTP = new Http(Duration.ofSeconds(5), "Slipway/test");
  private static final RepositoryCheck CHECK =
      new RepositoryCheck(
          new Repository("github.com", 0, "octo-org/hello-world"),
          new Github(
              new GithubConfig(
                  URI.create("https://api.github.com"),
                  new Secret("ghp_hush"),
                  GithubConfig.API_VERSION),
              HTTP,
              () -> Instant.EPOCH),
          new ProviderMessages("GitHub", List.of("ghp_hush"), new Redactor(List.of())));

  @AfterAll
  static void close() {
    HTTP.close();
  }

  private static Reply.Answered repository(Map<String, String> headers, String more) {
    return new Reply.Answered(
        200, headers, "{\"full_name\":\"Octo-Org/hello-world\"%s}".formatted(more));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // scopes | private | push | lists deployments | outcome
        "repo|true|true|true|ok",
        "gist, repo_deployment|true|true|true|ok",
        "public_repo|false|true|true|ok",
        "public_repo|true|true|true|failure",
        "public_repo|-|true|true|failure",
        "gist|true|true|true|failure",
        "''|true|true|true|failure",
        "repo|true|false|true|warning",
        "repo|true|-|true|warning",
        "-|true|true|true|skipped",
        "-|true|false|true|skipped",
        "-|true|true|false|failure"
      },
      delimiter = '|')
  void the_right_to_write_is_told_as_far_as_it_is_known(
      String scopes, String isPrivate, String push, boolean lists, String outcome) {
    String more =
        (isPrivate == null ? "" : ",\"private\":" + isPrivate)
            + (push == null ? "" : ",\"permissions\":{\"push\":" + push + "}");

    CheckResult result =
        CHECK.mayWrite(
            repository(scopes == null ? Map.of() : Map.of("x-oauth-scopes", scopes), more), lists);

    assertThat(result.subject()).isEqualTo("statuses of octo-org/hello-world");
    assertThat(result.outcome().code()).isEqualTo(outcome);
  }

  @Test
  void a_repository_that_was_renamed_or_archived_is_told() {
    assertThat(CHECK.seen(repository(Map.of(), "")).outcome()).isEqualTo(CheckResult.Outcome.OK);
    assertThat(CHECK.seen(repository(Map.of(), ",\"archived\":true")).outcome())
        .isEqualTo(CheckResult.Outcome.FAILURE);
    assertThat(
            CHECK
                .seen(new Reply.Answered(200, Map.of(), "{\"full_name\":\"octo-org/renamed\"}"))
                .detail())
        .isEqualTo("is called octo-org/renamed now");
  }

  @ParameterizedTest
  @CsvSource({
    "404, failure",
    "403, failure",
    "451, failure",
    "401, skipped",
    "407, skipped",
    "502, failure"
  })
  void one_that_is_not_shown_is_a_failure_unless_the_credential_is_refused_everywhere(
      int status, String outcome) {
    CheckResult result =
        CHECK.unseen(new Reply.Answered(status, Map.of(), "{\"message\":\"No ghp_hush\"}"));

    assertThat(result.outcome().code()).isEqualTo(outcome);
    assertThat(result.detail()).contains("GitHub answered " + status + ": No ***");
  }

  @Test
  void who_is_not_reached_says_nothing_about_a_repository() {
    assertThat(CHECK.unseen(new Reply.Unanswered("reset")).outcome())
        .isEqualTo(CheckResult.Outcome.SKIPPED);
  }
}
