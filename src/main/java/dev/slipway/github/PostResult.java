package dev.slipway.github;

import java.time.Duration;

/** The result of posting a deployment status. */
public sealed interface PostResult {
  /** What GitHub said, or why it could not be asked; empty for a status that it has. */
  String reason();

  /** GitHub has the status, under this id of its own. */
  record Accepted(long id) implements PostResult {
    @Override
    public String reason() {
      return "";
    }
  }

  /**
   * The post failed and may succeed later.
   *
   * @param retryAfter how long GitHub wants us to wait; zero when it does not say
   * @param forAll whether the wait is for all calls, not only for this one
   * @param inDoubt whether GitHub may have the status all the same
   */
  record RetryLater(String reason, Duration retryAfter, boolean forAll, boolean inDoubt)
      implements PostResult {
    /** Whether the post may have reached GitHub. */
    public boolean mayHaveBeenSent() {
      return forAll || inDoubt;
    }
  }

  /** The calls that a refusal is about. */
  enum Scope {
    /** The credential, a proxy, or something that is not GitHub: every call. */
    EVERYTHING,
    /** What the credential may do in this repository. */
    REPOSITORY
  }

  /** GitHub refuses the status until somebody has changed something. */
  record Refused(String reason, Scope scope) implements PostResult {}

  /**
   * GitHub itself says that it has no such deployment: it was deleted, or the credential may not
   * see the repository. Whether the repository can be read shows which.
   */
  record Missing(String reason) implements PostResult {}

  /** GitHub does not accept this status as it is. */
  record Invalid(String reason) implements PostResult {}
}
