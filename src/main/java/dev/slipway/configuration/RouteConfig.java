package dev.slipway.configuration;

import dev.slipway.model.Route;
import dev.slipway.targets.ConfiguredTarget;
import java.util.List;

/**
 * A route with the configuration of its targets.
 *
 * @param targets in the order of the route's chain, with the same names; between them those that
 *     are not configured, which the chain leaves out
 */
public record RouteConfig(Route route, List<Entry> targets) {
  /** A target under its name in the chain. */
  public record Entry(String name, ConfiguredTarget target) {
    /** Whether nothing that it needs is missing. */
    public boolean isConfigured() {
      return !(target instanceof ConfiguredTarget.Missing);
    }
  }
}
