package dev.slipway.control;

import dev.slipway.model.Repository;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A deployment that somebody orders.
 *
 * @param repository {@link Repository#NONE} where none is named
 * @param sha the exact commit, or null
 * @param ref a branch, tag or commit; may be empty
 * @param payload JSON text
 * @param route the name of the route to use, or null for the one that matches
 * @param requiredContexts absent: all checks have to be green
 */
public record DeployRequest(
    Repository repository,
    @Nullable String sha,
    String ref,
    String environment,
    String task,
    String payload,
    String description,
    boolean createGithubDeployment,
    @Nullable String route,
    Optional<List<String>> requiredContexts) {
  public DeployRequest {
    requiredContexts = requiredContexts.map(List::copyOf);
  }
}
