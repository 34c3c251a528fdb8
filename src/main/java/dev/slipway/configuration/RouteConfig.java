package dev.slipway.configuration;

import dev.slipway.model.Route;
import dev.slipway.targets.CheckedTarget;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.targets.LiveCheck;
import dev.slipway.targets.LiveCheckConfig;
import dev.slipway.targets.Target;
import dev.slipway.targets.TargetParts;
import dev.slipway.targets.command.AfterCommand;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A route with the configuration of its targets.
 *
 * @param targets in the order of the route's chain, with the same names; between them those that
 *     are not configured, which the chain leaves out
 * @param destroyTargets the same of its destroy chain
 * @param after what is run after the ends of its runs
 */
public record RouteConfig(
    Route route, List<Entry> targets, List<Entry> destroyTargets, List<AfterCommand> after) {
  /** A route that destroys nothing, and runs nothing after an end. */
  public RouteConfig(Route route, List<Entry> targets) {
    this(route, targets, List.of(), List.of());
  }

  /** Those of both chains. */
  public Stream<Entry> allTargets() {
    return Stream.concat(targets.stream(), destroyTargets.stream());
  }

  /**
   * A target under its name in the chain.
   *
   * @param check of what it puts live
   */
  public record Entry(String name, ConfiguredTarget target, Optional<LiveCheckConfig> check) {
    /** A target whose deploys are not checked. */
    public Entry(String name, ConfiguredTarget target) {
      this(name, target, Optional.empty());
    }

    /** Makes the target. */
    public Target create(TargetParts parts) {
      Target made = target.create(name, parts);
      return check
          .filter(_ -> isConfigured())
          .<Target>map(
              config ->
                  new CheckedTarget(made, new LiveCheck(config, parts.calls()), config.timeout()))
          .orElse(made);
    }

    /** Whether nothing that it needs is missing. */
    public boolean isConfigured() {
      return !(target instanceof ConfiguredTarget.Missing);
    }
  }
}
