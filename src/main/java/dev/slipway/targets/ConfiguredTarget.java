package dev.slipway.targets;

import dev.slipway.check.Check;
import dev.slipway.settings.Setting;
import dev.slipway.time.Time;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A target as it is configured, checked, from which the target itself can be made. */
public interface ConfiguredTarget {
  /**
   * Makes the target.
   *
   * @param name its name in the chain
   */
  Target create(String name, TargetParts parts);

  /**
   * What it deploys to, where two deploys at the same time would disturb each other. Targets that
   * deploy to the same have the same text. Empty when that is unknown or harmless.
   */
  default Optional<String> exclusiveDestination() {
    return Optional.empty();
  }

  /** The directory in which its runs keep files, which are removed when they are old. */
  default Optional<Path> runDirectory() {
    return Optional.empty();
  }

  /**
   * What is allowed but probably not meant where it stands in one chain with these, as clauses that
   * begin after the name of the route.
   */
  default List<String> chainWarnings(List<ConfiguredTarget> chain) {
    return List.of();
  }

  /**
   * The checks of what its deploys need: its provider, its server, this machine. They read and
   * nothing else: a check starts no deploy, and calls no address that could.
   *
   * @param subject what the results begin with: its name and its route's
   */
  default List<Check> checks(String subject, ProviderCalls calls, Time time) {
    return List.of();
  }

  /**
   * Stands for a target that lacks a setting, and is skipped in the chain.
   *
   * @param reason why, for an operator
   */
  record Missing(String reason) implements ConfiguredTarget {
    public Missing(Setting<?> setting) {
      this(setting.variable() + " is not set");
    }

    @Override
    public Target create(String name, TargetParts parts) {
      return new NotConfigured(name, reason);
    }
  }
}
