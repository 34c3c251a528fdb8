package dev.slipway.configuration;

import dev.slipway.targets.render.ClearCache;
import dev.slipway.targets.render.RenderApiConfig;
import dev.slipway.targets.render.RenderHookConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A deploy hook and the API in one chain: both are there for one service, and differ in power. */
final class RenderChainCheck {
  private RenderChainCheck() {}

  /** What is allowed, but hardly meant; a sentence each. */
  static List<String> warnings(List<RouteConfig> routes) {
    List<String> warnings = new ArrayList<>();
    for (RouteConfig route : routes) {
      Optional<RenderHookConfig> hook =
          route.targets().stream()
              .filter(TargetSettings.RenderHook.class::isInstance)
              .map(target -> ((TargetSettings.RenderHook) target).config())
              .findFirst();
      Optional<RenderApiConfig> api =
          route.targets().stream()
              .filter(TargetSettings.RenderApi.class::isInstance)
              .map(target -> ((TargetSettings.RenderApi) target).config())
              .findFirst();
      if (hook.isPresent() && api.isPresent()) {
        compare(route.route().name(), hook.get(), api.get()).forEach(warnings::add);
      }
    }
    return warnings;
  }

  private static List<String> compare(String route, RenderHookConfig hook, RenderApiConfig api) {
    List<String> warnings = new ArrayList<>();
    hook.service()
        .filter(service -> !service.equals(api.serviceId()))
        .ifPresent(
            service ->
                warnings.add(
                    "route \"%s\" deploys %s by its hook and %s by the API: set RENDER_DEPLOY_HOOK_URL and RENDER_SERVICE_ID of one service"
                        .formatted(route, service, api.serviceId())));
    if (api.clearCache() == ClearCache.CLEAR) {
      warnings.add(
          "route \"%s\": RENDER_DEPLOY_CLEAR_CACHE has no effect while the deploy hook works, for a hook cannot clear the cache"
              .formatted(route));
    }
    return warnings;
  }
}
