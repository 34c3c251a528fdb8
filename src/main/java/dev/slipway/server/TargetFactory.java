package dev.slipway.server;

import dev.slipway.configuration.RouteConfig;
import dev.slipway.http.Http;
import dev.slipway.run.RouteTargets;
import dev.slipway.secret.Redactor;
import dev.slipway.targets.AcceptedDeploys;
import dev.slipway.targets.Callbacks;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.Target;
import dev.slipway.targets.TargetParts;
import dev.slipway.time.Time;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the targets of all routes. */
public final class TargetFactory {
  private final TargetParts parts;

  public TargetFactory(
      Http http, Redactor redactor, Time time, Callbacks callbacks, AcceptedDeploys accepted) {
    this.parts = new TargetParts(new ProviderCalls(http, redactor), time, callbacks, accepted);
  }

  /** By the names that {@link RouteTargets} has for them. */
  public Map<String, List<Target>> targets(List<RouteConfig> routes) {
    Map<String, List<Target>> targets = new HashMap<>();
    for (RouteConfig route : routes) {
      String name = route.route().name();
      targets.put(name, targetsOf(route.targets()));
      targets.put(RouteTargets.destroyChain(name), targetsOf(route.destroyTargets()));
    }
    return targets;
  }

  private List<Target> targetsOf(List<RouteConfig.Entry> chain) {
    return chain.stream().map(entry -> entry.create(parts)).toList();
  }
}
