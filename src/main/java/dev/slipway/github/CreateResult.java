package dev.slipway.github;

import dev.slipway.model.Deployment;

/** The result of creating a deployment at GitHub. */
public sealed interface CreateResult {
  /** It exists now, and GitHub sends its event. */
  record Created(Deployment deployment) implements CreateResult {}

  /**
   * GitHub declined.
   *
   * @param status GitHub's HTTP status, such as 409 for red checks or 422
   */
  record Declined(int status, String reason) implements CreateResult {}

  /** GitHub could not be reached, or its answer makes no sense; the deployment may exist. */
  record Failed(String reason) implements CreateResult {}
}
