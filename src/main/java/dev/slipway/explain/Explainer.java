package dev.slipway.explain;

import dev.slipway.explain.Explanation.ExplainedDelivery;
import dev.slipway.explain.Explanation.ExplainedDeployment;
import dev.slipway.explain.Explanation.ExplainedRoute;
import dev.slipway.model.Decision;
import dev.slipway.model.Deployment;
import dev.slipway.model.Route;
import dev.slipway.store.DeploymentHistory;
import dev.slipway.store.DeploymentHistory.GithubDeployment;
import dev.slipway.store.DeploymentHistory.KeptDeployment;
import dev.slipway.store.DeploymentHistory.StoredDelivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Explains deliveries and deployments by what is kept of them and by the routes as they are now.
 */
public final class Explainer {
  private final DeploymentHistory history;
  private final List<Route> routes;
  private final List<String> hosts;
  private final Duration deliveriesKept;

  /**
   * @param routes in the order in which they are tried
   * @param hosts the GitHub hosts, whose numbers are asked about
   * @param deliveriesKept how long deliveries are kept
   */
  public Explainer(
      DeploymentHistory history, List<Route> routes, List<String> hosts, Duration deliveriesKept) {
    this.history = history;
    this.routes = List.copyOf(routes);
    this.hosts = List.copyOf(hosts);
    this.deliveriesKept = deliveriesKept;
  }

  /** Explains the subject, also when nothing is kept of it. */
  public Explanation explain(Subject subject) {
    return switch (subject) {
      case Subject.Delivery(String guid) -> delivery(guid);
      case Subject.OurDeployment(long id) -> deployment(id);
      case Subject.GithubsDeployment(long id, Optional<String> host) ->
          githubs(host.map(List::of).orElse(hosts), id);
    };
  }

  private Explanation delivery(String guid) {
    List<StoredDelivery> deliveries = history.deliveries(guid);
    if (deliveries.isEmpty()) {
      return unknown("no delivery with the GUID " + guid + " is kept");
    }
    Optional<Long> id =
        deliveries.stream().map(StoredDelivery::deploymentId).filter(Objects::nonNull).findFirst();
    return explanation(deliveries, id.flatMap(history::find), id.isPresent());
  }

  private Explanation deployment(long id) {
    Optional<KeptDeployment> kept = history.find(id);
    List<StoredDelivery> deliveries = history.deliveries(id);
    return kept.isEmpty() && deliveries.isEmpty()
        ? unknown(
            "there is no deployment %d here. GitHub's own number is written github:%d"
                .formatted(id, id))
        : explanation(deliveries, kept, true);
  }

  /** Each host counts for itself, so one number may be that of several deployments. */
  private Explanation githubs(List<String> asked, long id) {
    List<String> known =
        asked.stream().filter(host -> isKept(new GithubDeployment(host, id))).toList();
    return switch (known.size()) {
      case 0 ->
          unknown(
              "nothing is kept of deployment %d of %s".formatted(id, String.join(" or ", asked)));
      case 1 -> githubs(new GithubDeployment(known.getFirst(), id));
      default ->
          new Explanation(
              List.of(),
              null,
              List.of(
                  "several hosts have a deployment %d: say which one is meant, with --host %s"
                      .formatted(id, String.join(" or --host ", known))));
    };
  }

  private boolean isKept(GithubDeployment deployment) {
    return history.find(deployment).isPresent() || !history.turnedAway(deployment).isEmpty();
  }

  private Explanation githubs(GithubDeployment deployment) {
    return history
        .find(deployment)
        .map(this::deployment)
        .orElseGet(() -> explanation(history.turnedAway(deployment), Optional.empty(), false));
  }

  private Explanation unknown(String what) {
    return new Explanation(
        List.of(),
        null,
        List.of(
            what,
            "deliveries are kept for %d days (SLIPWAY_KEEP_DELIVERIES); events that nothing is done"
                    .formatted(deliveriesKept.toDays())
                + " about (push …) and what was refused (a wrong signature …) are not kept at all",
            "look at the webhook's Recent deliveries on GitHub: the answer there has the reason",
            "a deployment that GitHub could not deliver is found by asking GitHub, every few minutes"
                + " (SLIPWAY_RECONCILE_EVERY); its delivery is called reconcile-NUMBER"));
  }

  private Explanation explanation(
      List<StoredDelivery> deliveries, Optional<KeptDeployment> kept, boolean wasTaken) {
    List<String> advice = new ArrayList<>();
    if (kept.isEmpty() && wasTaken) {
      advice.add("the deployment itself was removed for its age (SLIPWAY_KEEP_DEPLOYMENTS)");
    }
    if (kept.isEmpty() && !deliveries.isEmpty()) {
      advice(deliveries.getLast().decision()).ifPresent(advice::add);
    }
    kept.ifPresent(deployment -> advice.addAll(DeploymentAdvice.of(deployment)));
    return new Explanation(
        deliveries.stream().map(Explainer::explained).toList(),
        kept.map(this::explained).orElse(null),
        advice);
  }

  private static ExplainedDelivery explained(StoredDelivery delivery) {
    return new ExplainedDelivery(
        delivery.guid(),
        delivery.event(),
        delivery.source(),
        delivery.receivedAt(),
        delivery.secret(),
        delivery.hook(),
        delivery.decision(),
        delivery.reason());
  }

  private ExplainedDeployment explained(KeptDeployment kept) {
    Deployment deployment = kept.deployment().deployment();
    return new ExplainedDeployment(
        kept.deployment().id(),
        deployment.githubId(),
        deployment.repository().host(),
        deployment.repository().fullName(),
        deployment.environment().name(),
        deployment.task(),
        deployment.ref(),
        deployment.sha(),
        deployment.creator(),
        deployment.createdAt(),
        kept.deployment().acceptedAt(),
        routes.stream()
            .map(route -> new ExplainedRoute(route.name(), route.objection(deployment).orElse("")))
            .toList(),
        kept.runs().stream().map(RunExplainer::run).toList(),
        kept.statuses().stream()
            .map(status -> RunExplainer.status(status, deployment.githubId() != null))
            .toList());
  }

  /** What to do about a delivery that started nothing. */
  private static Optional<String> advice(String decision) {
    String simulate =
        "to try routes without deploying, save the payload from the webhook's Recent deliveries and"
            + " run: simulate FILE";
    return Optional.of(decision)
        .filter(code -> !code.equals(Decision.Kind.PING.code()))
        .map(
            code ->
                code.equals(Decision.Kind.NO_ROUTE.code())
                        || code.equals(Decision.Kind.FOREIGN.code())
                    ? "change the route if it should take this, restart, and redeliver on GitHub; "
                        + simulate
                    : code.equals(Decision.Kind.STALE.code())
                        ? "make a new deployment: one that is older than the newest is never started"
                        : simulate);
  }
}
