package dev.slipway.api;

import dev.slipway.control.DeployService;
import dev.slipway.model.Caller;
import dev.slipway.model.Deployment;
import dev.slipway.problem.Problem;
import dev.slipway.store.DeploymentQueries;
import io.micronaut.http.HttpResponse;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Deployments as a caller may see them: those of other repositories look like unknown ones. */
@Singleton
final class VisibleDeployments {
  private final DeploymentQueries deployments;

  VisibleDeployments(DeploymentQueries deployments) {
    this.deployments = deployments;
  }

  /** The deployment with our number; empty if there is none, or none for this caller. */
  Optional<DeploymentQueries.DeploymentDetails> find(Caller caller, long id) {
    return deployments
        .find(id)
        .filter(details -> caller.reaches(repository(details.deployment().deployment())));
  }

  private static String repository(Deployment deployment) {
    return deployment.repository().fullName();
  }

  /** What becomes of a request about a repository that is not one of the caller's. */
  static DeployService.Outcome.Declined unreachable(Caller caller, String repository) {
    return new DeployService.Outcome.Declined(
        404,
        "Not found",
        repository.isEmpty()
            ? "Name a repository: token %s is for %s only"
                .formatted(caller.name(), String.join(", ", caller.repositories()))
            : "There is no repository %s for token %s".formatted(repository, caller.name()));
  }

  /** The answer for one that cannot be found. */
  static HttpResponse<?> notFound(long id) {
    return Problem.response(404, "Not found", "There is no deployment " + id);
  }
}
