package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which environments were made for a pull request. */
class PullRequestTest {
  private static final String SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";
  private static final Repository REPOSITORY = new Repository("github.com", 7, "Octo/Hello");

  private static Deployment deployment(
      Repository repository, String environment, boolean isTransient, String ref, String sha) {
    return new Deployment(
        repository,
        1L,
        sha,
        ref,
        new Environment(environment, isTransient, false),
        "deploy",
        "{}",
        "",
        "mia",
        Instant.EPOCH);
  }

  private static Deployment preview(String environment, String ref, String sha) {
    return deployment(new Repository("github.com", 0, "octo/hello"), environment, true, ref, sha);
  }

  private static PullRequest pullRequest(boolean isFromFork) {
    return new PullRequest(REPOSITORY, 12, "feature/ü", SHA, isFromFork);
  }

  @ParameterizedTest
  @CsvSource({
    "pr-12, 12",
    "PR 12, 12",
    "preview/pr/12, 12",
    "Vorschau – PR #12 (ü), 12",
    "pull-request-12, 12",
    "pull/12, 12",
    "pullrequest12, 12",
    "pr12-web, 12",
    "web_pr_12, 12",
    "web-pr-12-eu, 12",
    "pr-123, 123",
    "spring-12, ",
    "april 12, ",
    "feature-12, ",
    "12, ",
    "pr-1234567890, ",
  })
  void a_number_is_read_from_the_name_of_an_environment(String name, @Nullable Long number) {
    assertThat(PullRequest.numberIn(new Environment(name, true, false)))
        .isEqualTo(Optional.ofNullable(number));
  }

  @ParameterizedTest
  @CsvSource({
    "pr-12, other, 0, , true, true",
    "pr-13, feature/ü, f, , false, false",
    "web, feature/ü, 0, , true, false",
    "web, other, f, , true, false",
    "web, other, 0, , false, false",
    "web, other, 0, 12, true, true",
    "pr-12, feature/ü, f, 13, false, false",
    "web, Feature/ü, 0, , false, false",
  })
  void the_named_number_counts_before_branch_and_commit(
      String environment,
      String ref,
      String digit,
      @Nullable Long named,
      boolean own,
      boolean fork) {
    Deployment deployment = preview(environment, ref, digit.equals("f") ? SHA : digit.repeat(40));

    assertThat(pullRequest(false).owns(deployment, Optional.ofNullable(named))).isEqualTo(own);
    assertThat(pullRequest(true).owns(deployment, Optional.ofNullable(named))).isEqualTo(fork);
  }

  @Test
  void what_is_not_transient_or_elsewhere_is_nobodys() {
    PullRequest closed = pullRequest(false);

    assertThat(closed.owns(preview("pr-12", "feature/ü", SHA), Optional.empty())).isTrue();
    assertThat(
            closed.owns(deployment(REPOSITORY, "pr-12", false, "feature/ü", SHA), Optional.of(12L)))
        .isFalse();
    assertThat(
            closed.owns(
                deployment(
                    new Repository("github.com", 7, "octo/other"), "pr-12", true, "main", SHA),
                Optional.of(12L)))
        .isFalse();
    assertThat(
            closed.owns(
                deployment(
                    new Repository("ghes.example", 7, "octo/hello"), "pr-12", true, "main", SHA),
                Optional.of(12L)))
        .isFalse();
  }

  @Test
  void nothing_is_known_of_a_branch_without_a_name() {
    assertThat(
            new PullRequest(REPOSITORY, 12, "", "", false)
                .owns(preview("web", "", "0".repeat(40)), Optional.empty()))
        .isFalse();
  }
}
