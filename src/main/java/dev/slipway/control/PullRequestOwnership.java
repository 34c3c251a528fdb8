package dev.slipway.control;

import dev.slipway.github.PullRequests;
import dev.slipway.intake.PullRequestPayload;
import dev.slipway.model.Deployment;
import dev.slipway.model.PullRequest;
import java.util.List;
import java.util.Optional;

/**
 * Finds out whether the pull request is closed that an environment was made for, by asking GitHub.
 * Which one that is follows the rules by which the event of a pull request finds its environments.
 */
final class PullRequestOwnership {
  private final PullRequests pullRequests;

  PullRequestOwnership(PullRequests pullRequests) {
    this.pullRequests = pullRequests;
  }

  /** What is known of the pull request of an environment. */
  sealed interface Finding {
    /**
     * It is closed.
     *
     * @param name of it, for people
     */
    record Closed(String name) implements Finding {}

    /**
     * It is open, or it cannot be known.
     *
     * @param reason why, for an operator
     */
    record NotClosed(String reason) implements Finding {}

    /**
     * GitHub cannot be asked, about other environments neither.
     *
     * @param reason why, for an operator
     */
    record Unavailable(String reason) implements Finding {}
  }

  /**
   * Looks for the pull request of an environment.
   *
   * @param newest the deployment to it that joined last
   */
  Finding find(Deployment newest) throws InterruptedException {
    Optional<Long> named =
        PullRequestPayload.number(newest).or(() -> PullRequest.numberIn(newest.environment()));
    if (named.isPresent()) {
      return switch (pullRequests.numbered(newest.repository(), named.get())) {
        case PullRequests.Answer.Unknown unknown ->
            unknown("pull request #" + named.get(), unknown);
        case PullRequests.Answer.Known(List<PullRequests.Found> found) ->
            found.stream()
                .findFirst()
                .map(PullRequestOwnership::state)
                .orElseGet(PullRequestOwnership::none);
      };
    }
    return unnamed(newest);
  }

  private static Finding state(PullRequests.Found found) {
    String name = found.pullRequest().name();
    return found.isClosed() ? new Finding.Closed(name) : new Finding.NotClosed(name + " is open");
  }

  private static Finding unknown(String what, PullRequests.Answer.Unknown unknown) {
    return unknown.forAll()
        ? new Finding.Unavailable(unknown.reason())
        : new Finding.NotClosed(
            "it is not known whether %s is closed: %s".formatted(what, unknown.reason()));
  }

  private Finding unnamed(Deployment newest) throws InterruptedException {
    String sha = newest.sha() == null ? "" : newest.sha();
    if (!newest.ref().isEmpty() && !newest.ref().equals(sha)) {
      switch (pullRequests.ofBranch(newest.repository(), newest.ref())) {
        case PullRequests.Answer.Unknown unknown -> {
          return unknown("the pull request of its branch", unknown);
        }
        case PullRequests.Answer.Known(List<PullRequests.Found> found) -> {
          Optional<Finding> owner = owner(newest, found);
          if (owner.isPresent()) {
            return owner.get();
          }
        }
      }
    }
    if (sha.isEmpty()) {
      return none();
    }
    return switch (pullRequests.ofCommit(newest.repository(), sha)) {
      case PullRequests.Answer.Unknown unknown ->
          unknown("the pull request of its commit", unknown);
      case PullRequests.Answer.Known(List<PullRequests.Found> found) ->
          owner(newest, found).orElseGet(PullRequestOwnership::none);
    };
  }

  private static Finding none() {
    return new Finding.NotClosed("GitHub knows no pull request of its branch or commit");
  }

  /**
   * One that is open keeps the environment. Branches are used again: what was deployed after the
   * last one was closed may be for another purpose.
   */
  private static Optional<Finding> owner(Deployment newest, List<PullRequests.Found> found) {
    List<PullRequests.Found> owners =
        found.stream().filter(one -> one.pullRequest().owns(newest, Optional.empty())).toList();
    return owners.stream()
        .filter(one -> !one.isClosed())
        .findFirst()
        .map(PullRequestOwnership::state)
        .or(
            () ->
                owners.stream()
                    .filter(one -> one.closedAt().filter(newest.createdAt()::isBefore).isPresent())
                    .findFirst()
                    .map(PullRequestOwnership::state))
        .or(
            () ->
                owners.stream()
                    .findFirst()
                    .map(
                        one ->
                            new Finding.NotClosed(
                                "it was deployed after "
                                    + one.pullRequest().name()
                                    + " was closed")));
  }
}
