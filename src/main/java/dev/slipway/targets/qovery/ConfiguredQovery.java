package dev.slipway.targets.qovery;

import dev.slipway.check.Check;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.Target;
import dev.slipway.targets.TargetParts;
import dev.slipway.time.Time;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A configured service. */
public record ConfiguredQovery(QoveryConfig config) implements ConfiguredTarget {
  @Override
  public Target create(String name, TargetParts parts) {
    return new QoveryTarget(name, config, parts.calls(), parts.time());
  }

  @Override
  public Optional<String> exclusiveDestination() {
    return Optional.of(
        "Qovery %s %s".formatted(config.kind().noun(), config.id().toLowerCase(Locale.ROOT)));
  }

  @Override
  public List<Check> checks(String subject, ProviderCalls calls, Time time) {
    return List.of(new QoveryServiceCheck(subject, config).check(calls, time));
  }
}
