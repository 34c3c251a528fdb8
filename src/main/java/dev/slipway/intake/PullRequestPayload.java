package dev.slipway.intake;

import dev.slipway.model.Deployment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a deployment's payload says about the pull request that it was made for. */
public final class PullRequestPayload {
  private static final List<String> NAMES =
      List.of("pull_request", "pull_request_number", "pr", "pr_number");

  private PullRequestPayload() {}

  /**
   * The number of the pull request: {@code "pull_request": 12}, {@code "pr": "12"}, or an object
   * with {@code number} under one of these names.
   */
  public static Optional<Long> number(Deployment deployment) {
    DeploymentPayload payload = DeploymentPayload.of(deployment);
    return NAMES.stream()
        .map(payload::field)
        .flatMap(named -> Stream.of(named, named.path("number")))
        .flatMap(node -> DeploymentPayload.number(node).stream())
        .findFirst();
  }
}
