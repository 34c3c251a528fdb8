package dev.slipway.github;

import java.time.Duration;

/** What GitHub did with a deployment status. */
public sealed interface PostResult {
  /** It has the status, under this id of its own. */
  record Accepted(long id) implements PostResult {}

  /**
   * Not now.
   *
   * @param retryAfter how long GitHub wants us to wait; zero when it does not say
   * @param forAll the wait is for all calls, not only for this one
   * @param inDoubt it may have the status all the same
   */
  record RetryLater(String reason, Duration retryAfter, boolean forAll, boolean inDoubt)
      implements PostResult {
    /** Whether a post left at all: GitHub answered it, or may have got it. */
    public boolean mayHaveBeenSent() {
      return forAll || inDoubt;
    }
  }

  /** Whom a refusal is about. */
  enum Scope {
    /** The credential, a proxy, or something that is not GitHub: every call. */
    EVERYTHING,
    /** What the credential may do in this repository. */
    REPOSITORY
  }

  /** GitHub has not taken it, and will once somebody has changed something. */
  record Refused(String reason, Scope scope) implements PostResult {}

  /**
   * GitHub itself says that it has no such deployment: it was deleted, or the credential may not
   * see the repository. Whether the repository can be seen tells which.
   */
  record Missing(String reason) implements PostResult {}

  /** GitHub does not take this status as it is. */
  record Invalid(String reason) implements PostResult {}
}
