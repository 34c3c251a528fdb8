package dev.slipway.server;

import dev.slipway.configuration.RouteConfig;
import dev.slipway.control.RollbackPayload;
import dev.slipway.github.Github;
import dev.slipway.github.GithubHosts;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.ProtectionRules;
import dev.slipway.model.Route;
import dev.slipway.model.RunPurpose;
import dev.slipway.run.StartGate;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.StoredDeployment;
import dev.slipway.store.StoredRun;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Keeps out, where the route wants it, a deployment whose commit is an ancestor of the one that is
 * live and that is no rollback. When GitHub does not tell, the deployment runs: a deploy that
 * somebody asked for weighs more than a doubt.
 */
final class OlderCommitGate implements StartGate {
  private final Set<String> routes;
  private final Set<String> turningAway;
  private final DeploymentQueries deployments;
  private final GithubHosts githubHosts;

  OlderCommitGate(
      List<RouteConfig> routes, DeploymentQueries deployments, GithubHosts githubHosts) {
    this.routes = names(routes, route -> route.queuePolicy().skipOlderCommits());
    this.turningAway =
        names(
            routes, route -> route.protection().whenLocked() == ProtectionRules.WhenLocked.REJECT);
    this.deployments = deployments;
    this.githubHosts = githubHosts;
  }

  private static Set<String> names(List<RouteConfig> routes, Predicate<Route> wanted) {
    return routes.stream()
        .map(RouteConfig::route)
        .filter(wanted)
        .map(Route::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public boolean turnsAwayHeld(String route) {
    return turningAway.contains(route);
  }

  @Override
  public boolean isOpen(String route) {
    return !routes.contains(route);
  }

  @Override
  public Optional<End> objection(StoredDeployment deployment, StoredRun run, Remarks remarks)
      throws InterruptedException {
    Deployment wanted = deployment.deployment();
    String commit = wanted.sha();
    if (isOpen(run.route())
        || run.purpose() instanceof RunPurpose.Destroy
        || commit == null
        || !wanted.repository().isNamed()
        || isRollback(wanted)) {
      return Optional.empty();
    }
    Optional<String> live = deployments.liveCommit(wanted);
    return live.isEmpty() ? Optional.empty() : objection(wanted, commit, live.get(), remarks);
  }

  private Optional<End> objection(Deployment wanted, String commit, String live, Remarks remarks)
      throws InterruptedException {
    if (commit.equals(live)) {
      return Optional.empty();
    }
    Optional<Github> github = githubHosts.find(wanted.repository().host());
    Optional<String> standing =
        github.isPresent()
            ? github.get().compare(wanted.repository(), commit, live)
            : Optional.empty();
    if (standing.isEmpty()) {
      remarks.say(
          "GitHub does not tell whether %s is older than %s, which is live; deploying it"
              .formatted(wanted.shortSha(), shortened(live)));
    }
    return standing
        .filter("behind"::equals)
        .map(
            _ ->
                new End.Superseded(
                    "Stale: %s is older than %s, which is live. To go back: \"rollback\": true in its payload"
                        .formatted(wanted.shortSha(), shortened(live))));
  }

  private static String shortened(String commit) {
    return commit.substring(0, Math.min(7, commit.length()));
  }

  /** Said by the task, or by {@code "rollback": true} in the payload. */
  private static boolean isRollback(Deployment deployment) {
    String task = deployment.task();
    return task.equals("rollback")
        || task.endsWith(":rollback")
        || RollbackPayload.isRollback(deployment);
  }
}
