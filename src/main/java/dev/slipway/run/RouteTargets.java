package dev.slipway.run;

import dev.slipway.model.ChainEntry;
import dev.slipway.model.CommandHost;
import dev.slipway.model.Fact;
import dev.slipway.model.RunPurpose;
import dev.slipway.store.StoredRun;
import dev.slipway.targets.NotConfigured;
import dev.slipway.targets.StartExecutor;
import dev.slipway.targets.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configured targets of every route, and the gate before them. */
public final class RouteTargets {
  private final Map<String, List<Target>> byRoute;
  private final StartExecutor executor;
  private final StartGate gate;
  private final int commandsAtOnce;

  /**
   * @param byRoute the targets of each route's chain, by the route's name, and those of its destroy
   *     chain, by {@link #destroyChain}
   * @param executor starts their deploys
   * @param commandsAtOnce how many commands may run at the same time
   */
  public RouteTargets(
      Map<String, List<Target>> byRoute,
      StartExecutor executor,
      StartGate gate,
      int commandsAtOnce) {
    this.byRoute = Map.copyOf(byRoute);
    this.executor = executor;
    this.gate = gate;
    this.commandsAtOnce = commandsAtOnce;
  }

  /** The name under which the destroy chain of a route stands; no route can have it. */
  public static String destroyChain(String route) {
    return route + "/destroy";
  }

  /** All targets of all routes, for who closes them. */
  public List<Target> all() {
    return byRoute.values().stream().flatMap(List::stream).toList();
  }

  StartExecutor executor() {
    return executor;
  }

  int commandsAtOnce() {
    return commandsAtOnce;
  }

  StartGate gate() {
    return gate;
  }

  /** The chain of a run, in its order. */
  List<ChainEntry> chain(StoredRun run) {
    return run.chain().stream().map(name -> entry(of(run, name), name)).toList();
  }

  private static ChainEntry entry(Target target, String name) {
    return new ChainEntry(
        name,
        target.limits(),
        target.host().orElse(null),
        target instanceof NotConfigured ? null : target.destination());
  }

  /** The intent that a run writes down before it calls a target. */
  Fact.Intended intent(StoredRun run, String name, Instant now) {
    Target target = of(run, name);
    return new Fact.Intended(
        now, name, target.host().orElse(null), target.destination(), target.limits().total());
  }

  /** Where commands run that this process starts, if it starts any. */
  Optional<CommandHost> host() {
    return byRoute.values().stream()
        .flatMap(List::stream)
        .flatMap(target -> target.host().stream())
        .findFirst();
  }

  /**
   * The target that this name stands for in the chain of this run. A chain is stored with its run,
   * so it may name a target that the configuration has lost since.
   */
  Target of(StoredRun run, String name) {
    String route = run.route();
    String chain =
        switch (run.purpose()) {
          case RunPurpose.Deploy _ -> route;
          case RunPurpose.Destroy _ -> destroyChain(route);
        };
    return byRoute.getOrDefault(chain, List.of()).stream()
        .filter(target -> target.name().equals(name))
        .findFirst()
        .orElseGet(
            () ->
                new NotConfigured(name, "route \"" + route + "\" no longer has a target " + name));
  }
}
