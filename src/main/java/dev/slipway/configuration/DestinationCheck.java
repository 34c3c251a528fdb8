package dev.slipway.configuration;

import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds routes that deploy to the same service or server without sharing a queue, and routes whose
 * own deployments are in several queues. Two deploys could run there at the same time, and at
 * Render or Qovery one would cancel the other.
 */
final class DestinationCheck {
  private DestinationCheck() {}

  /** A sentence for each destination that is in danger. */
  static List<String> warnings(List<RouteConfig> routes) {
    Map<String, Set<Route>> leading = new LinkedHashMap<>();
    for (RouteConfig route : routes) {
      for (RouteConfig.Entry target : route.allTargets().toList()) {
        target
            .target()
            .exclusiveDestination()
            .ifPresent(
                place ->
                    leading.computeIfAbsent(place, _ -> new LinkedHashSet<>()).add(route.route()));
      }
    }
    List<String> warnings = new ArrayList<>();
    leading.forEach(
        (place, sharing) -> {
          if (sharing.size() > 1 && !haveOneQueueKey(sharing)) {
            warnings.add(
                "routes %s lead to %s without a common queue-key, so they can deploy there at the same"
                        .formatted(names(sharing), place)
                    + " time: give them the same queue-key"
                    + (sharing.stream().anyMatch(DestinationCheck::isDefault)
                        ? " (SLIPWAY_QUEUE_KEY for the default route)"
                        : ""));
          } else if (sharing.size() == 1) {
            alone(sharing.iterator().next(), place).ifPresent(warnings::add);
          }
        });
    return warnings;
  }

  /**
   * Without a queue key each environment of each repository has a queue of its own. For the default
   * route somebody asked for that by SLIPWAY_QUEUE_KEY.
   */
  private static Optional<String> alone(Route route, String place) {
    List<String> several =
        Stream.of(RouteMatch.Part.REPOSITORIES, RouteMatch.Part.ENVIRONMENTS)
            .filter(part -> isSeveral(route.match().patterns(part)))
            .map(RouteMatch.Part::code)
            .toList();
    if (route.sharedQueueKey() != null || isDefault(route) || several.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "route \"%s\" leads to %s for several %s without a queue-key, so they can deploy there at the"
                .formatted(route.name(), place, String.join(" and ", several))
            + " same time: give it a queue-key");
  }

  private static boolean isSeveral(List<String> patterns) {
    return patterns.size() != 1 || patterns.getFirst().contains("*");
  }

  private static boolean haveOneQueueKey(Set<Route> routes) {
    String key = routes.iterator().next().sharedQueueKey();
    return key != null && routes.stream().allMatch(route -> key.equals(route.sharedQueueKey()));
  }

  private static String names(Set<Route> routes) {
    return String.join(" and ", routes.stream().map(route -> "\"" + route.name() + "\"").toList());
  }

  private static boolean isDefault(Route route) {
    return route.name().equals(Route.DEFAULT);
  }
}
