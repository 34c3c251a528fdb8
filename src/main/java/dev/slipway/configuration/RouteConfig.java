package dev.slipway.configuration;

import dev.slipway.model.Route;
import dev.slipway.targets.ConfiguredTarget;
import java.util.List;
import java.util.stream.Stream;

/**
 * A route with the configuration of its targets.
 *
 * @param targets in the order of the route's chain, with the same names; between them those that
 *     are not configured, which the chain leaves out
 * @param destroyTargets the same of its destroy chain
 */
public record RouteConfig(Route route, List<Entry> targets, List<Entry> destroyTargets) {
  /** A route that destroys nothing. */
  public RouteConfig(Route route, List<Entry> targets) {
    this(route, targets, List.of());
  }

  /** Those of both chains. */
  public Stream<Entry> allTargets() {
    return Stream.concat(targets.stream(), destroyTargets.stream());
  }

  /** A target under its name in the chain. */
  public record Entry(String name, ConfiguredTarget target) {
    /** Whether nothing that it needs is missing. */
    public boolean isConfigured() {
      return !(target instanceof ConfiguredTarget.Missing);
    }
  }
}
