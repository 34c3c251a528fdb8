package dev.slipway.github;

import dev.slipway.model.Deployment;

/** What GitHub did when it was asked to create a deployment, or to tell a commit. */
public sealed interface CreateResult {
  /** It exists now, and GitHub sends its event. */
  record Created(Deployment deployment) implements CreateResult {}

  /**
   * GitHub said no.
   *
   * @param status GitHub's HTTP status, such as 409 for red checks or 422
   */
  record Declined(int status, String reason) implements CreateResult {}

  /** GitHub could not be reached, or answered nonsense; it may exist all the same. */
  record Failed(String reason) implements CreateResult {}
}
