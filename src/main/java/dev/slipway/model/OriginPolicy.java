package dev.slipway.model;

import java.util.Optional;
import java.util.Set;

/**
 * The deployments of foreign automation that a route takes. By default it takes none: a workflow
 * job with an {@code environment:} makes a deployment on every run, and a provider's own deployment
 * would loop.
 *
 * @param workflows take deployments that belong to a workflow run
 * @param apps slugs of GitHub Apps whose deployments are taken
 * @param bots logins of bots whose deployments are taken
 */
public record OriginPolicy(boolean workflows, Set<String> apps, Set<String> bots) {
  /** Takes only deployments that people and their tokens made. */
  public static final OriginPolicy NONE = new OriginPolicy(false, Set.of(), Set.of());

  public OriginPolicy {
    apps = Set.copyOf(apps);
    bots = Set.copyOf(bots);
  }

  /** Why the route does not take a deployment of this maker; empty when it does. */
  public Optional<String> objection(Origin maker) {
    if (maker.workflowRun() && !workflows) {
      return Optional.of(
          "made by a GitHub Actions workflow run; set foreign.workflows: true on the route to take"
              + " these");
    }
    if (!maker.app().isEmpty() && !apps.contains(maker.app())) {
      return Optional.of(
          "made by the GitHub App \"%s\"; add it to foreign.apps of the route to take these"
              .formatted(maker.app()));
    }
    if (maker.bot() && maker.app().isEmpty() && !bots.contains(maker.login())) {
      return Optional.of(
          "made by the bot \"%s\"; add it to foreign.bots of the route to take these"
              .formatted(maker.login()));
    }
    return Optional.empty();
  }
}
