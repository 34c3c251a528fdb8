package dev.slipway.targets.render;

import dev.slipway.check.Check;
import dev.slipway.secret.Secret;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import dev.slipway.targets.AttemptSettings;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.Target;
import dev.slipway.targets.TargetParts;
import dev.slipway.targets.TargetType;
import dev.slipway.time.Time;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deploys by a Render deploy hook. */
public final class RenderHookType implements TargetType {
  static final Setting<Optional<Secret>> URL =
      Setting.optional(
          "RENDER_DEPLOY_HOOK_URL",
          "render.deploy-hook-url",
          SettingType.secret(),
          "the deploy hook of a service");

  /** A configured hook. */
  public record Configured(RenderHookConfig config) implements ConfiguredTarget {
    @Override
    public Target create(String name, TargetParts parts) {
      return new RenderHook(
          name,
          config,
          parts.calls(),
          parts.shared(ReadBudgets.class, () -> new ReadBudgets(parts.time())),
          parts.accepted(),
          parts.time());
    }

    @Override
    public List<Check> checks(String subject, ProviderCalls calls, Time time) {
      Secret key = config.apiKey();
      if (key == null) {
        return List.of(new Check(subject, () -> List.of(RenderServiceCheck.unreadable(subject))));
      }
      ServiceId service = HookUrl.of(config.url().reveal(), config.apiUrl()).service();
      RenderClient client =
          new RenderClient(calls, config.apiUrl(), key, service, new ReadBudgets(time).of(key));
      return List.of(RenderServiceCheck.of(subject, service, calls, key).ofDeploys(client));
    }

    @Override
    public Optional<String> exclusiveDestination() {
      return config.service().map(service -> "Render service " + service);
    }

    /** A hook and the API are there for one service, and differ in what they can do. */
    @Override
    public List<String> chainWarnings(List<ConfiguredTarget> chain) {
      return chain.stream()
          .filter(RenderApiType.Configured.class::isInstance)
          .findFirst()
          .map(api -> compare(((RenderApiType.Configured) api).config()))
          .orElse(List.of());
    }

    private List<String> compare(RenderApiConfig api) {
      List<String> warnings = new ArrayList<>();
      config
          .service()
          .filter(service -> !service.equals(api.serviceId()))
          .ifPresent(
              service ->
                  warnings.add(
                      " deploys %s by its hook and %s by the API: set RENDER_DEPLOY_HOOK_URL and RENDER_SERVICE_ID of one service"
                          .formatted(service, api.serviceId())));
      if (api.clearCache() == ClearCache.CLEAR) {
        warnings.add(
            ": RENDER_DEPLOY_CLEAR_CACHE has no effect while the deploy hook works, for a hook"
                + " cannot clear the cache");
      }
      return warnings;
    }
  }

  @Override
  public String code() {
    return "render-hook";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(URL, RenderSettings.API_KEY, RenderSettings.IMAGE_URL, RenderSettings.API_URL);
  }

  @Override
  public Map<String, Setting<?>> entrySettings() {
    return Map.of(
        "url", URL,
        "api-key", RenderSettings.API_KEY,
        "image-url", RenderSettings.IMAGE_URL,
        "timeout", AttemptSettings.DEPLOY,
        "no-progress", AttemptSettings.NO_PROGRESS);
  }

  @Override
  public Setting<?> required() {
    return URL;
  }

  @Override
  public ConfiguredTarget read(String name, SettingValues values, Path data) {
    Optional<Secret> url = values.get(URL);
    if (url.isEmpty()) {
      return new ConfiguredTarget.Missing(URL);
    }
    URI api = values.get(RenderSettings.API_URL);
    RenderHookConfig.problemWith(url.get().reveal(), api)
        .ifPresent(problem -> values.problem(URL, problem));
    if (values.get(RenderSettings.CLEAR_CACHE) == ClearCache.CLEAR
        && !values.has(RenderApiType.SERVICE_ID)) {
      values.warn(
          values.name(RenderSettings.CLEAR_CACHE)
              + " has no effect: the deploy hook cannot clear the cache. Set RENDER_SERVICE_ID and"
              + " RENDER_API_KEY instead of the hook");
    }
    return new Configured(
        new RenderHookConfig(
            url.get(),
            api,
            values.get(RenderSettings.API_KEY).orElse(null),
            values.get(RenderSettings.IMAGE_URL).orElse(null),
            AttemptSettings.polled(values)));
  }
}
