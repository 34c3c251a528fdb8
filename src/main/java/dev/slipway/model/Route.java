package dev.slipway.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the configuration: which deployments it takes, and how they are deployed.
 *
 * @param chain the names of the targets, in the order in which they are tried
 * @param lock the queue key that the route's deployments share, or null for one per (host,
 *     repository, environment)
 * @param line what a deployment does to others in its line
 */
public record Route(
    String name,
    Match match,
    Foreign foreign,
    List<String> chain,
    @Nullable String lock,
    Line line) {
  public Route {
    chain = List.copyOf(chain);
  }

  /** A route in whose line a newer deployment replaces those that wait. */
  public Route(
      String name, Match match, Foreign foreign, List<String> chain, @Nullable String lock) {
    this(name, match, foreign, chain, lock, Line.LATEST);
  }

  /** Deployments with the same key run one at a time. */
  public String lockKey(Deployment deployment) {
    return lock != null
        ? "lock/" + lock
        : String.join(
            "/",
            deployment.repository().host(),
            deployment.repository().fullName().toLowerCase(Locale.ROOT),
            deployment.environment().name());
  }

  /** The first route that takes the deployment. */
  public static Optional<Route> first(List<Route> routes, Deployment deployment) {
    return routes.stream().filter(route -> route.match.matches(deployment)).findFirst();
  }
}
