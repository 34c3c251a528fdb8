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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deploys through Render's API. */
public final class RenderApiType implements TargetType {
  static final Setting<Optional<String>> SERVICE_ID =
      Setting.optional(
          "RENDER_SERVICE_ID",
          "render.service-id",
          SettingType.text(RenderApiConfig::problemWith),
          "the service or cron job to deploy by the API, or in which jobs run");

  /** A configured service. */
  public record Configured(RenderApiConfig config) implements ConfiguredTarget {
    @Override
    public Target create(String name, TargetParts parts) {
      return new RenderApi(
          name,
          config,
          parts.calls(),
          parts.shared(ReadBudgets.class, () -> new ReadBudgets(parts.time())),
          parts.accepted(),
          parts.time());
    }

    @Override
    public List<Check> checks(String subject, ProviderCalls calls, Time time) {
      ServiceId service = new ServiceId(config.serviceId());
      RenderClient client =
          new RenderClient(
              calls,
              config.apiUrl(),
              config.apiKey(),
              service,
              new ReadBudgets(time).of(config.apiKey()));
      return List.of(
          RenderServiceCheck.of(subject, service, calls, config.apiKey()).ofDeploys(client));
    }

    @Override
    public Optional<String> exclusiveDestination() {
      return Optional.of("Render service " + config.serviceId());
    }
  }

  @Override
  public String code() {
    return "render-api";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        SERVICE_ID,
        RenderSettings.API_KEY,
        RenderSettings.CLEAR_CACHE,
        RenderSettings.IMAGE_URL,
        RenderSettings.ROLLBACK,
        RenderSettings.API_URL);
  }

  @Override
  public Map<String, Setting<?>> entrySettings() {
    return Map.of(
        "service-id", SERVICE_ID,
        "api-key", RenderSettings.API_KEY,
        "clear-cache", RenderSettings.CLEAR_CACHE,
        "image-url", RenderSettings.IMAGE_URL,
        "rollback", RenderSettings.ROLLBACK,
        "timeout", AttemptSettings.DEPLOY,
        "no-progress", AttemptSettings.NO_PROGRESS);
  }

  @Override
  public Setting<?> required() {
    return SERVICE_ID;
  }

  @Override
  public ConfiguredTarget read(String name, SettingValues values, Path data) {
    Optional<Secret> key = values.get(RenderSettings.API_KEY);
    Optional<String> service = values.get(SERVICE_ID);
    if (key.isEmpty() || service.isEmpty()) {
      return new ConfiguredTarget.Missing(key.isEmpty() ? RenderSettings.API_KEY : SERVICE_ID);
    }
    return new Configured(
        new RenderApiConfig(
            values.get(RenderSettings.API_URL),
            key.get(),
            service.get(),
            values.get(RenderSettings.CLEAR_CACHE),
            values.get(RenderSettings.IMAGE_URL).orElse(null),
            values.get(RenderSettings.ROLLBACK),
            AttemptSettings.polled(values)));
  }
}
