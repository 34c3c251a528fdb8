package dev.slipway.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as GitHub, or a caller of our API, described it. Every text in here is untrusted.
 *
 * @param githubId GitHub's number of the deployment, or null when it exists only here
 * @param sha the exact commit, or null when a caller of our API asked for "whatever is newest"
 * @param ref the branch, tag or commit that was named; may be empty
 * @param payload the deployment's payload as JSON text; {@code {}} when there was none
 * @param createdAt when GitHub says it was created
 */
public record Deployment(
    Repository repository,
    @Nullable Long githubId,
    @Nullable String sha,
    String ref,
    Environment environment,
    String task,
    String payload,
    String description,
    String creator,
    Instant createdAt) {

  /** The same with another task. */
  public Deployment withTask(String other) {
    return new Deployment(
        repository,
        githubId,
        sha,
        ref,
        environment,
        other,
        payload,
        description,
        creator,
        createdAt);
  }

  /** The first seven digits of the commit, or "the newest commit". */
  public String shortSha() {
    return sha == null ? "the newest commit" : sha.substring(0, Math.min(7, sha.length()));
  }

  /**
   * Whether it is all of a deployment, and not a part such as {@code deploy:migrations}, which is a
   * task with a colon. A rollback is always whole.
   */
  public boolean isWhole() {
    return !task.contains(":") || task.endsWith(":rollback");
  }
}
