package dev.slipway.github;

import dev.slipway.http.BaseUrl;
import dev.slipway.model.PullRequest;
import dev.slipway.model.Repository;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Pull requests, as GitHub knows them at the moment. */
public final class PullRequests {
  private final GithubHosts hosts;

  public PullRequests(GithubHosts hosts) {
    this.hosts = hosts;
  }

  /**
   * A pull request that GitHub has.
   *
   * @param closedAt when it was closed, merged or not; empty where GitHub does not tell
   */
  public record Found(PullRequest pullRequest, boolean isClosed, Optional<Instant> closedAt) {}

  /** What GitHub says. */
  public sealed interface Answer {
    /** All that were asked for, the newest first; none when there are none. */
    record Known(List<Found> found) implements Answer {
      public Known {
        found = List.copyOf(found);
      }
    }

    /**
     * It is not known.
     *
     * @param reason why, for an operator
     * @param forAll asking about others would fare no better
     */
    record Unknown(String reason, boolean forAll) implements Answer {}
  }

  /** The pull request with this number. */
  public Answer numbered(Repository repository, long number) throws InterruptedException {
    return read(repository, "pulls/" + number);
  }

  /** Pull requests that bring a branch of the repository itself. */
  public Answer ofBranch(Repository repository, String branch) throws InterruptedException {
    String owner = repository.fullName().substring(0, repository.fullName().indexOf('/'));
    return read(
        repository,
        "pulls?state=all&head=" + BaseUrl.encoded(owner + ":" + branch) + "&per_page=100");
  }

  /** Pull requests in which a commit is. */
  public Answer ofCommit(Repository repository, String sha) throws InterruptedException {
    return read(repository, "commits/" + BaseUrl.encoded(sha) + "/pulls?per_page=100");
  }

  private Answer read(Repository repository, String path) throws InterruptedException {
    Optional<Github> github = hosts.find(repository.host()).filter(Github::hasCredential);
    if (github.isEmpty()) {
      return new Answer.Unknown("there is no credential to ask GitHub with", isOnly());
    }
    return switch (github.get().readPullRequests(repository, path)) {
      case ReadResult.Page page -> known(repository, page.json());
      case ReadResult.Unchanged _ -> new Answer.Unknown("GitHub told nothing", false);
      case ReadResult.TooLarge _ -> new Answer.Unknown("GitHub's answer is too large", false);
      case ReadResult.Hidden(int status) ->
          new Answer.Unknown(
              "GitHub answered %d: there is none, or the credential lacks Pull requests: read"
                  .formatted(status),
              false);
      case ReadResult.RetryLater(String reason, boolean forAll) ->
          new Answer.Unknown(reason, forAll && isOnly());
    };
  }

  /** What is about everybody at a host is about nobody at another. */
  private boolean isOnly() {
    return hosts.all().size() == 1;
  }

  private static Answer known(Repository repository, JsonNode json) {
    List<JsonNode> all =
        json.isArray() ? StreamSupport.stream(json.spliterator(), false).toList() : List.of(json);
    List<Found> found = all.stream().flatMap(one -> found(repository, one).stream()).toList();
    return found.size() == all.size()
        ? new Answer.Known(found)
        : new Answer.Unknown("GitHub's answer is no pull request", false);
  }

  private static Optional<Found> found(Repository repository, JsonNode json) {
    long number = json.path("number").asLong(0);
    String state = json.path("state").asString("");
    if (number <= 0 || !(state.equals("open") || state.equals("closed"))) {
      return Optional.empty();
    }
    JsonNode head = json.path("head");
    return Optional.of(
        new Found(
            new PullRequest(
                repository,
                number,
                head.path("ref").asString(""),
                head.path("sha").asString(""),
                // Not by our name of the repository, which may be older than a renaming
                !name(head).equalsIgnoreCase(name(json.path("base")))),
            state.equals("closed"),
            time(json.path("closed_at").asString(""))));
  }

  /** The repository of a branch; a fork that was deleted since has none. */
  private static String name(JsonNode branch) {
    return branch.path("repo").path("full_name").asString("");
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }
}
