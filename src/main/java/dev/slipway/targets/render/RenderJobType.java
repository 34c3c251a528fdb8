package dev.slipway.targets.render;

import dev.slipway.check.Check;
import dev.slipway.model.AttemptLimits;
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

/** Runs a one-off job at Render, such as a migration. */
public final class RenderJobType implements TargetType {
  static final Setting<Optional<String>> COMMAND =
      Setting.optional(
          "RENDER_JOB_COMMAND",
          "render.job-command",
          SettingType.command(),
          "the command of a one-off job, run in the last build of the service");

  static final Setting<Optional<String>> PLAN =
      Setting.optional(
          "RENDER_JOB_PLAN",
          "render.job-plan",
          SettingType.text(),
          "the instance type of the job, such as `plan-srv-004`; left out, that of the service");

  /** A configured job. */
  public record Configured(RenderJobConfig config) implements ConfiguredTarget {
    @Override
    public Target create(String name, TargetParts parts) {
      return new RenderJob(
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
          RenderServiceCheck.of(subject, service, calls, config.apiKey()).ofJobs(client));
    }

    /** A job deploys nothing, so it can take the place of no other target. */
    @Override
    public List<String> chainWarnings(List<ConfiguredTarget> chain) {
      boolean isAlone =
          chain.stream().filter(target -> !(target instanceof Missing)).allMatch(this::equals);
      return isAlone
          ? List.of()
          : List.of(
              " runs a Render job in a chain with other targets, of which only one is run: give the"
                  + " job a route of its own, such as for the task deploy:migrations");
    }
  }

  @Override
  public String code() {
    return "render-job";
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        COMMAND, PLAN, RenderApiType.SERVICE_ID, RenderSettings.API_KEY, RenderSettings.API_URL);
  }

  @Override
  public Map<String, Setting<?>> entrySettings() {
    return Map.of(
        "command", COMMAND,
        "plan", PLAN,
        "service-id", RenderApiType.SERVICE_ID,
        "api-key", RenderSettings.API_KEY,
        "timeout", AttemptSettings.DEPLOY);
  }

  @Override
  public Setting<?> required() {
    return COMMAND;
  }

  @Override
  public ConfiguredTarget read(String name, SettingValues values, Path data) {
    Optional<String> command = values.get(COMMAND);
    Optional<Secret> key = values.get(RenderSettings.API_KEY);
    Optional<String> service = values.get(RenderApiType.SERVICE_ID);
    if (command.isEmpty()) {
      return new ConfiguredTarget.Missing(COMMAND);
    }
    if (key.isEmpty() || service.isEmpty()) {
      return new ConfiguredTarget.Missing(
          key.isEmpty() ? RenderSettings.API_KEY : RenderApiType.SERVICE_ID);
    }
    AttemptLimits limits = AttemptSettings.polled(values);
    return new Configured(
        new RenderJobConfig(
            values.get(RenderSettings.API_URL),
            key.get(),
            service.get(),
            command.get(),
            values.get(PLAN).orElse(null),
            // A job shows one phase from its start to its end
            new AttemptLimits(limits.start(), limits.grace(), limits.lookup(), limits.total())));
  }
}
