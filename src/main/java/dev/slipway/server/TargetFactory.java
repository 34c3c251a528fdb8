package dev.slipway.server;

import dev.slipway.configuration.RouteConfig;
import dev.slipway.configuration.TargetSettings;
import dev.slipway.http.Http;
import dev.slipway.targets.NotConfigured;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.Target;
import dev.slipway.targets.command.ProcessWatcher;
import dev.slipway.targets.command.Shell;
import dev.slipway.targets.command.Ssh;
import dev.slipway.targets.qovery.QoveryTarget;
import dev.slipway.targets.render.ReadBudgets;
import dev.slipway.targets.render.RenderApi;
import dev.slipway.targets.render.RenderHook;
import dev.slipway.time.Time;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes the targets that the settings describe. */
public final class TargetFactory {
  private final ProviderCalls calls;
  private final Time time;
  private final ProcessWatcher watcher = new ProcessWatcher();
  private final ReadBudgets renderReads;

  public TargetFactory(Http http, Time time) {
    this.calls = new ProviderCalls(http);
    this.time = time;
    this.renderReads = new ReadBudgets(time);
  }

  public Map<String, List<Target>> targets(List<RouteConfig> routes) {
    return routes.stream()
        .collect(
            Collectors.toMap(
                route -> route.route().name(),
                route -> route.targets().stream().map(this::target).toList()));
  }

  private Target target(TargetSettings settings) {
    return switch (settings) {
      case TargetSettings.RenderHook(var name, var config) ->
          new RenderHook(name, config, calls, renderReads, time);
      case TargetSettings.RenderApi(var name, var config) ->
          new RenderApi(name, config, calls, renderReads, time);
      case TargetSettings.Qovery(var name, var config) ->
          new QoveryTarget(name, config, calls, time);
      case TargetSettings.Shell(var name, var config) -> new Shell(name, config, time, watcher);
      case TargetSettings.Ssh(var name, var config) -> new Ssh(name, config, time);
      case TargetSettings.Absent(var name, var reason) -> new NotConfigured(name, reason);
    };
  }
}
