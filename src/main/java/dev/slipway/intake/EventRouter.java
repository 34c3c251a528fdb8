package dev.slipway.intake;

import dev.slipway.model.ChatOpsTask;
import dev.slipway.model.Decision;
import dev.slipway.model.Deployment;
import dev.slipway.model.Origin;
import dev.slipway.model.PullRequest;
import dev.slipway.model.Route;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides about an event by its content and the routes alone. Reads no database and writes nothing:
 * the same event gets the same result each time.
 */
public final class EventRouter {
  private static final int ROUTES_NAMED = 3;
  private static final String DEPLOY = "deploy";
  private static final String CLOUD = "github.com";

  private final List<Route> routes;
  private final boolean destroys;

  /**
   * @param routes in the order in which they are tried
   */
  public EventRouter(List<Route> routes) {
    this.routes = List.copyOf(routes);
    this.destroys = routes.stream().anyMatch(route -> route.destroyPolicy().destroys());
  }

  /**
   * Who sent a delivery.
   *
   * @param host the GitHub host whose webhook secret signed it: whatever else the delivery says, it
   *     is about nothing of another host
   * @param claimed the GitHub Enterprise host that its headers name; they are not signed, so that
   *     can only keep a deployment out, never give it another identity
   */
  public record Sender(String host, Optional<String> claimed) {}

  /** What the content of an event and the routes decide. */
  public sealed interface Routing {
    /** The route takes the deployment. Whether and when it runs depends on what is stored. */
    record Admitted(Deployment deployment, Route route) implements Routing {}

    /** No route takes the deployment, or not one of this origin. */
    record TurnedAway(Deployment deployment, Decision decision) implements Routing {}

    /**
     * A pull request was closed at an instant of its host's clock. Which environments were made for
     * it depends on what is stored.
     */
    record Closed(PullRequest pullRequest, Instant at) implements Routing {}

    /** The event is about no deployment of ours. */
    record Concluded(Decision decision) implements Routing {}
  }

  /**
   * Decides about a delivery.
   *
   * @param event {@code X-GitHub-Event}
   * @param json the event itself, already out of any form encoding
   */
  public Routing route(Sender sender, String event, InputStream json, Instant receivedAt) {
    Optional<String> wrongHost = wrongHost(sender);
    return wrongHost.isPresent()
        ? new Routing.Concluded(new Decision.NoRoute(wrongHost.get()))
        : route(sender.host(), event, json, receivedAt);
  }

  /** Decides about an event whose host is known. */
  Routing route(String host, String event, InputStream json, Instant receivedAt) {
    Optional<Decision> ignored = ignored(event);
    return ignored.isPresent()
        ? new Routing.Concluded(ignored.get())
        : read(host, event, json, receivedAt);
  }

  private Routing read(String host, String event, InputStream json, Instant receivedAt) {
    return switch (EventReader.read(event, host, json, receivedAt)) {
      case Event.Created(Deployment deployment, Origin origin) -> route(deployment, origin);
      case Event.Closed(PullRequest pullRequest, Instant at) -> new Routing.Closed(pullRequest, at);
      case Event.Ping(String advice) ->
          new Routing.Concluded(
              new Decision.Ping(advice.isEmpty() ? "the hook looks right" : advice));
      case Event.Ignored(String reason) -> new Routing.Concluded(new Decision.IgnoredEvent(reason));
      case Event.Elsewhere(String reason) -> new Routing.Concluded(new Decision.NoRoute(reason));
      case Event.Invalid(String reason) -> new Routing.Concluded(new Decision.Invalid(reason));
    };
  }

  private Routing route(Deployment deployment, Origin origin) {
    Optional<Route> route = routeOf(deployment);
    if (route.isEmpty()) {
      return new Routing.TurnedAway(deployment, new Decision.NoRoute(whyNoRoute(deployment)));
    }
    return authority(route.get(), deployment)
        .orElseThrow()
        .originPolicy()
        .objection(origin)
        .<Routing>map(
            objection -> new Routing.TurnedAway(deployment, new Decision.Foreign(objection)))
        .orElseGet(() -> new Routing.Admitted(deployment, route.get()));
  }

  /**
   * The decision about an event of a kind that is ignored whatever its body says; empty when the
   * body has to be read.
   */
  Optional<Decision> ignore(Sender sender, String event) {
    return wrongHost(sender).isPresent() ? Optional.empty() : ignored(event);
  }

  /** Pull requests are only read for routes that destroy what was made for them. */
  private Optional<Decision> ignored(String event) {
    return event.equals(EventReader.CLOSING) && destroys
        ? Optional.empty()
        : EventReader.ignored(event).map(ignored -> new Decision.IgnoredEvent(ignored.reason()));
  }

  /** The routes that deploy, in the order in which they are tried. */
  public List<Route> routes() {
    return routes.stream().filter(route -> !route.isChatOps()).toList();
  }

  /**
   * The first route that takes this deployment. A ChatOps task is taken where a deployment of the
   * same maker to the same environment would be, and refused whom that route's gates refuse.
   */
  public Optional<Route> routeOf(Deployment deployment) {
    return Route.first(routes, deployment)
        .flatMap(
            route ->
                authority(route, deployment)
                    .map(deploys -> route.isChatOps() ? route.forCreatorsOf(deploys) : route));
  }

  /** The route whose rules say who may: of a ChatOps task the one that would deploy. */
  private Optional<Route> authority(Route route, Deployment deployment) {
    return route.isChatOps()
        ? Route.first(routes, deployment.withTask(DEPLOY))
        : Optional.of(route);
  }

  /** The route with this name. */
  public Optional<Route> routeNamed(String name) {
    return routes.stream().filter(route -> route.name().equals(name)).findFirst();
  }

  /** Why no route takes the deployment: the first mismatch of each route. */
  public String whyNoRoute(Deployment deployment) {
    return routes().isEmpty()
        ? "no route is configured: set a target such as RENDER_DEPLOY_HOOK_URL or DEPLOY_CMD, or"
            + " write routes into slipway.yml"
        : "no route takes it: " + objections(deployment);
  }

  private String objections(Deployment told) {
    Deployment deployment = ChatOpsTask.of(told.task()).isPresent() ? told.withTask(DEPLOY) : told;
    List<Route> deploying = routes();
    List<String> named =
        deploying.stream()
            .limit(ROUTES_NAMED)
            .flatMap(route -> route.objection(deployment).stream())
            .toList();
    int others = deploying.size() - named.size();
    return String.join("; ", named) + (others > 0 ? "; nor do %d others".formatted(others) : "");
  }

  private static Optional<String> wrongHost(Sender sender) {
    String named = sender.claimed().orElse(isServer(sender.host()) ? CLOUD : sender.host());
    return named.equalsIgnoreCase(sender.host())
        ? Optional.empty()
        : Optional.of(
            "the event comes from %s, but the webhook secret that signed it is that of %s (look at GITHUB_API_URL and github-hosts)"
                .formatted(named.replaceAll("[^\\w.:-]", "?"), sender.host()));
  }

  /**
   * A GitHub Enterprise Server always says in a header that it is one; GitHub's own hosts do not.
   */
  private static boolean isServer(String host) {
    return !host.equals(CLOUD) && !host.endsWith(".ghe.com");
  }
}
