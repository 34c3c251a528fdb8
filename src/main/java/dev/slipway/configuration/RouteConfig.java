package dev.slipway.configuration;

import dev.slipway.model.Route;
import java.util.List;

/**
 * A route with the settings of its targets.
 *
 * @param targets in the order of the route's chain, with the same names; between them those that
 *     are not configured, which the chain leaves out
 */
public record RouteConfig(Route route, List<TargetSettings> targets) {}
