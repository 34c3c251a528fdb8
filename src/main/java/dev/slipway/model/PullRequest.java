package dev.slipway.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pull request, as far as the environments that were made for it can be told by it.
 *
 * @param repository where it is to be merged
 * @param number of it there
 * @param headRef the branch that it brings
 * @param headSha the newest commit of that branch
 * @param isFromFork whether the branch is in another repository
 */
public record PullRequest(
    Repository repository, long number, String headRef, String headSha, boolean isFromFork) {
  private static final Pattern IN_NAME =
      Pattern.compile(
          "(?i)(?<![\\p{L}\\p{N}])(?:pr|pull|pull[ _-]?request|mr)[ _/#-]{0,3}(\\d{1,9})(?!\\p{N})");

  /**
   * Whether the environment of a deployment was made for this pull request. It has to be transient.
   * Then the number counts that the deployment names; where it names none, the branch or its newest
   * commit does. Whoever may open a pull request from a fork names branches and commits as he
   * likes, so those of a fork say nothing.
   *
   * @param named the number of a pull request in the deployment's payload
   */
  public boolean owns(Deployment deployment, Optional<Long> named) {
    if (!deployment.environment().isTransient()
        || !repository.host().equals(deployment.repository().host())
        || !repository.fullName().equalsIgnoreCase(deployment.repository().fullName())) {
      return false;
    }
    Optional<Long> wanted = named.or(() -> numberIn(deployment.environment()));
    return wanted.isPresent() ? wanted.get() == number : !isFromFork && isOfBranch(deployment);
  }

  private boolean isOfBranch(Deployment deployment) {
    return (!headRef.isEmpty() && headRef.equals(deployment.ref()))
        || (!headSha.isEmpty() && headSha.equalsIgnoreCase(deployment.sha()));
  }

  /** {@code pull request #12}. */
  public String name() {
    return "pull request #" + number;
  }

  /** The number of the pull request in an environment's name: {@code pr-12}, {@code PR #12}. */
  public static Optional<Long> numberIn(Environment environment) {
    Matcher found = IN_NAME.matcher(environment.name());
    return found.find() ? Optional.of(Long.parseLong(found.group(1))) : Optional.empty();
  }
}
