package dev.slipway.github;

import java.time.Duration;

/** What GitHub did with a deployment status. */
public sealed interface Posted {
  /** It has the status, under this id of its own. */
  record Taken(long id) implements Posted {}

  /**
   * Not now.
   *
   * @param again how long GitHub wants us to wait; zero when it does not say
   * @param everything the wait is for all calls, not only for this one
   * @param doubt it may have the status all the same
   */
  record Later(String reason, Duration again, boolean everything, boolean doubt) implements Posted {
    /** Whether a post left at all: GitHub answered it, or may have got it. */
    public boolean sent() {
      return everything || doubt;
    }
  }

  /** The credential may not; somebody has to change it. */
  record NotAllowed(String reason) implements Posted {}

  /** This status will never be taken. */
  record Never(String reason) implements Posted {}
}
