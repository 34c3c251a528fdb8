package dev.slipway.model;

import java.util.List;

/**
 * How a route destroys transient environments whose pull request was closed.
 *
 * @param chain the names of the targets that destroy one, in the order in which they are tried;
 *     empty when the route destroys none
 * @param deletesDeployments whether the environment's deployments are deleted at GitHub then
 */
public record DestroyPolicy(List<String> chain, boolean deletesDeployments) {
  /** Destroys nothing. */
  public static final DestroyPolicy NONE = new DestroyPolicy(List.of(), false);

  public DestroyPolicy {
    chain = List.copyOf(chain);
  }

  /** Whether the route destroys anything. */
  public boolean destroys() {
    return !chain.isEmpty();
  }
}
