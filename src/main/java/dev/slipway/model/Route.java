package dev.slipway.model;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the configuration: which deployments it takes, and how they are deployed.
 *
 * @param chain the names of the targets, in the order in which they are tried
 * @param sharedQueueKey the queue key that the route's deployments share, or null for one per
 *     (host, repository, environment)
 * @param queuePolicy what a new deployment does to those that wait in its queue
 * @param protection what a deployment that it takes must satisfy or wait for
 * @param destroyPolicy how its transient environments are destroyed
 */
public record Route(
    String name,
    RouteMatch match,
    OriginPolicy originPolicy,
    List<String> chain,
    @Nullable String sharedQueueKey,
    QueuePolicy queuePolicy,
    ProtectionRules protection,
    DestroyPolicy destroyPolicy) {
  /** The name of the route that is made of the settings outside {@code routes}. */
  public static final String DEFAULT = "default";

  /** The name of the route that takes ChatOps tasks, and of its only target. */
  public static final String CHATOPS = "chatops";

  public Route {
    chain = List.copyOf(chain);
  }

  /** A route without protection rules that destroys nothing. */
  public Route(
      String name,
      RouteMatch match,
      OriginPolicy originPolicy,
      List<String> chain,
      @Nullable String sharedQueueKey,
      QueuePolicy queuePolicy) {
    this(name, match, originPolicy, chain, sharedQueueKey, queuePolicy, ProtectionRules.NONE);
  }

  /** A route that destroys nothing. */
  public Route(
      String name,
      RouteMatch match,
      OriginPolicy originPolicy,
      List<String> chain,
      @Nullable String sharedQueueKey,
      QueuePolicy queuePolicy,
      ProtectionRules protection) {
    this(
        name,
        match,
        originPolicy,
        chain,
        sharedQueueKey,
        queuePolicy,
        protection,
        DestroyPolicy.NONE);
  }

  /**
   * The route that takes ChatOps tasks. It deploys nothing, so none of them waits for another or
   * for a deploy.
   */
  public static Route chatOps() {
    return new Route(
        CHATOPS,
        new RouteMatch(Map.of(RouteMatch.Part.TASKS, ChatOpsTask.names())),
        OriginPolicy.NONE,
        List.of(CHATOPS),
        null,
        new QueuePolicy(QueuePolicy.Mode.ALL, false, false));
  }

  /**
   * This route with a gate for the creators that another one lets in. The commit of a ChatOps task
   * is not looked at, so no other gate is for it.
   */
  public Route forCreatorsOf(Route other) {
    List<String> creators = other.protection.gates().patterns(RouteMatch.Part.CREATORS);
    return new Route(
        name,
        match,
        originPolicy,
        chain,
        sharedQueueKey,
        queuePolicy,
        new ProtectionRules(
            protection.whenLocked(),
            protection.freeze(),
            protection.freezeOverride(),
            new Gates(List.of(), creators, null)),
        destroyPolicy);
  }

  /** Whether it is the route of ChatOps tasks. */
  public boolean isChatOps() {
    return name.equals(CHATOPS);
  }

  /** The names of the targets of a run with this purpose, in the order in which they are tried. */
  public List<String> chain(RunPurpose purpose) {
    return switch (purpose) {
      case RunPurpose.Deploy _ -> chain;
      case RunPurpose.Destroy _ -> destroyPolicy.chain();
    };
  }

  /**
   * Deployments with the same key run one at a time. The default route leads to the same targets
   * whichever repository is deployed, or none, so there an environment is all that tells queues
   * apart.
   */
  public String queueKey(Deployment deployment) {
    String environment = deployment.environment().name().toLowerCase(Locale.ROOT);
    if (isChatOps()) {
      return String.join("/", CHATOPS, deployment.repository().host(), "" + deployment.githubId());
    }
    if (sharedQueueKey != null) {
      return "shared/" + sharedQueueKey;
    }
    return isDefault()
        ? "default-route/" + environment
        : String.join(
            "/",
            deployment.repository().host(),
            deployment.repository().fullName().toLowerCase(Locale.ROOT),
            environment);
  }

  /** Why the route does not take the deployment; empty when it does. */
  public Optional<String> objection(Deployment deployment) {
    return match
        .mismatch(deployment)
        .map(
            mismatch ->
                "route \"%s\" does not take %s \"%s\", only %s (%s)"
                    .formatted(
                        name,
                        mismatch.part().one(),
                        mismatch.value(),
                        String.join(", ", mismatch.taken()),
                        (isDefault() ? "SLIPWAY_" : "match.") + setting(mismatch.part())));
  }

  private String setting(RouteMatch.Part part) {
    return isDefault() ? part.name() : part.code();
  }

  private boolean isDefault() {
    return name.equals(DEFAULT);
  }

  /** The first route that takes the deployment. */
  public static Optional<Route> first(List<Route> routes, Deployment deployment) {
    return routes.stream().filter(route -> route.objection(deployment).isEmpty()).findFirst();
  }
}
