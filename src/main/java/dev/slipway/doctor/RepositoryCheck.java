package dev.slipway.doctor;

import dev.slipway.check.Check;
import dev.slipway.check.CheckResult;
import dev.slipway.github.Github;
import dev.slipway.http.Reply;
import dev.slipway.model.Repository;
import dev.slipway.targets.ProviderMessages;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Checks that the credential sees a repository, and may post statuses there. Posts none. */
final class RepositoryCheck {
  private static final Set<String> WRITING_SCOPES = Set.of("repo", "repo_deployment");
  private static final String GRANT =
      "let the credential see the repository and write deployments (fine-grained token:"
          + " Deployments: read and write; classic: repo_deployment; authorise it for SSO)";

  private final Repository repository;
  private final Github github;
  private final ProviderMessages messages;

  RepositoryCheck(Repository repository, Github github, ProviderMessages messages) {
    this.repository = repository;
    this.github = github;
    this.messages = messages;
  }

  Check check() {
    return new Check(subject(), this::run);
  }

  private String subject() {
    return "repository " + repository.fullName();
  }

  private List<CheckResult> run() throws InterruptedException {
    if (!github.hasCredential()) {
      return List.of(
          new CheckResult.Skipped(
              subject(),
              "neither %s nor a GitHub App is set".formatted(github.settings().token())));
    }
    Reply reply = github.inspect(repository, "");
    return reply instanceof Reply.Answered answered && answered.status() == 200
        ? List.of(seen(answered), mayWrite(answered, canListDeployments()))
        : List.of(unseen(reply));
  }

  private boolean canListDeployments() throws InterruptedException {
    return github.inspect(repository, "deployments?per_page=1") instanceof Reply.Answered answered
        && answered.status() == 200;
  }

  /** Why the repository was not shown. */
  CheckResult unseen(Reply reply) {
    if (!(reply instanceof Reply.Answered answered)) {
      return new CheckResult.Skipped(subject(), messages.of(reply));
    }
    return switch (answered.status()) {
      case 401, 407 -> new CheckResult.Skipped(subject(), messages.of(answered));
      case 403, 404, 451 ->
          new CheckResult.Failure(
              subject(),
              "is not there, or the credential may not see it: " + messages.of(answered),
              "look at its name in the configuration; " + GRANT);
      default ->
          new CheckResult.Failure(subject(), messages.of(answered), "try again in some minutes");
    };
  }

  /** Whether it is the one that was asked for, and takes statuses at all. */
  CheckResult seen(Reply.Answered answered) {
    JsonNode json = answered.json();
    String name = json.path("full_name").asString("");
    if (json.path("archived").asBoolean(false)) {
      return new CheckResult.Failure(
          subject(),
          "is archived: it can be read only, so no status can be posted",
          "unarchive it, or take it out of the configuration");
    }
    if (!name.isEmpty() && !name.equalsIgnoreCase(repository.fullName())) {
      return new CheckResult.Warning(
          subject(),
          "is called " + name + " now",
          "use its new name in routes: deployments come in under that name");
    }
    return new CheckResult.Ok(subject(), "is seen");
  }

  /** What can be known of the right to post statuses without posting one. */
  CheckResult mayWrite(Reply.Answered answered, boolean canListDeployments) {
    String subject = "statuses of " + repository.fullName();
    Optional<Set<String>> scopes = answered.header("X-OAuth-Scopes").map(RepositoryCheck::words);
    boolean isPublic =
        answered.json().path("private").isBoolean() && !answered.json().path("private").asBoolean();
    boolean mayPush = answered.json().path("permissions").path("push").asBoolean(false);
    if (scopes.isPresent()) {
      Set<String> has = scopes.get();
      boolean isScoped =
          has.stream().anyMatch(WRITING_SCOPES::contains)
              || (isPublic && has.contains("public_repo"));
      if (!isScoped) {
        return new CheckResult.Failure(
            subject,
            "the token may not post them: it has "
                + (has.isEmpty()
                    ? "no scope"
                    : "the scopes " + String.join(", ", has.stream().sorted().toList())),
            "give it the scope repo_deployment");
      }
      return mayPush
          ? new CheckResult.Ok(
              subject, "the token may post them (push access, scope repo_deployment or repo)")
          : noPush(subject);
    }
    if (!canListDeployments) {
      return new CheckResult.Failure(
          subject, "the credential may not even read deployments", GRANT);
    }
    return new CheckResult.Skipped(
        subject,
        "GitHub does not tell whether a fine-grained token or an App may write deployments; it may"
            + " read them",
        "look at its permissions on GitHub: Deployments: read and write. `statuses` lists what was"
            + " refused");
  }

  private static CheckResult noPush(String subject) {
    return new CheckResult.Warning(
        subject,
        "the token's owner may not push to the repository",
        "give its owner the role Write, or use a token of somebody who has it");
  }

  private static Set<String> words(String header) {
    return Arrays.stream(header.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toSet());
  }
}
