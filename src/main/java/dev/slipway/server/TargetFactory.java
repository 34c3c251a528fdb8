package dev.slipway.server;

import dev.slipway.configuration.RouteConfig;
import dev.slipway.http.Http;
import dev.slipway.targets.Callbacks;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.Target;
import dev.slipway.targets.TargetParts;
import dev.slipway.time.Time;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes the targets of all routes. */
public final class TargetFactory {
  private final TargetParts parts;

  public TargetFactory(Http http, Time time, Callbacks callbacks) {
    this.parts = new TargetParts(new ProviderCalls(http), time, callbacks);
  }

  public Map<String, List<Target>> targets(List<RouteConfig> routes) {
    return routes.stream()
        .collect(
            Collectors.toMap(
                route -> route.route().name(),
                route ->
                    route.targets().stream()
                        .map(entry -> entry.target().create(entry.name(), parts))
                        .toList()));
  }
}
