package dev.slipway.model;

import org.jspecify.annotations.Nullable;

/**
 * A run that waits in a queue, or the one of the queue that runs.
 *
 * @param deploymentId our number of its deployment
 * @param runNumber 1 for the first run of the deployment
 * @param githubId GitHub's number of the deployment, or null when GitHub does not know it
 * @param repository {@code owner/name}
 */
public record QueueMember(
    long runId,
    long deploymentId,
    int runNumber,
    @Nullable Long githubId,
    String repository,
    String environment) {
  /** The name of a deployment for people: by GitHub's number, or else by ours. */
  public static String name(@Nullable Long githubId, long deploymentId) {
    return githubId == null
        ? "deployment " + deploymentId + " of the API"
        : "deployment " + githubId;
  }

  /** The name of its deployment for people. */
  public String name() {
    return name(githubId, deploymentId);
  }

  /**
   * Its name beside a deployment that may share the queue from another environment. Who may see
   * that one may not know of other repositories.
   */
  public String nameBeside(String otherRepository, String otherEnvironment) {
    if (!repository.equalsIgnoreCase(otherRepository)) {
      return "another repository's deployment";
    }
    return environment.equals(otherEnvironment)
        ? name()
        : name() + " of " + repository + " to " + environment;
  }
}
