package dev.slipway.model;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which statuses an outgoing webhook is told of. */
public final class WebhookSubscription {
  private final String webhook;
  private final Set<GithubState> states;
  private final Globs environments;
  private final Globs repositories;
  private final Set<String> routes;

  /**
   * @param webhook the webhook's name
   * @param environments patterns in which {@code *} stands for any text; none take everything
   * @param repositories the same for {@code owner/name}
   */
  public WebhookSubscription(
      String webhook,
      Set<GithubState> states,
      List<String> environments,
      List<String> repositories) {
    this(webhook, states, environments, repositories, Set.of());
  }

  private WebhookSubscription(
      String webhook,
      Set<GithubState> states,
      List<String> environments,
      List<String> repositories,
      Set<String> routes) {
    this.webhook = webhook;
    this.states = Set.copyOf(states);
    this.environments = new Globs(environments, true);
    this.repositories = new Globs(repositories, true);
    this.routes = Set.copyOf(routes);
  }

  /**
   * For what is done after the end of runs of some routes.
   *
   * @param routes their names; none stand for all
   */
  public static WebhookSubscription ofRoutes(
      String name, Set<GithubState> states, Set<String> routes) {
    return new WebhookSubscription(name, states, List.of(), List.of(), routes);
  }

  /** The states that a pattern takes. */
  public static Set<GithubState> statesOf(String pattern) {
    Globs glob = new Globs(List.of(pattern), false);
    return Arrays.stream(GithubState.values())
        .filter(state -> glob.take(state.code()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The webhook's name. */
  public String webhook() {
    return webhook;
  }

  /** Whether it is told of some statuses of this state. */
  public boolean wants(GithubState state) {
    return states.contains(state);
  }

  /**
   * Whether it is told of deployments like this one.
   *
   * @param repository {@code owner/name}; empty for an order that named none, which no pattern
   *     takes
   * @param route the name of the run's route
   */
  public boolean wants(String repository, String environment, String route) {
    return repositories.take(repository)
        && environments.take(environment)
        && (routes.isEmpty() || routes.contains(route));
  }

  @Override
  public String toString() {
    return webhook;
  }
}
