package dev.slipway.intake;

import dev.slipway.model.Deployment;
import dev.slipway.model.Origin;
import dev.slipway.model.PullRequest;
import java.time.Instant;

/** The content of a delivery. */
sealed interface Event {
  /** Somebody created a deployment. */
  record Created(Deployment deployment, Origin maker) implements Event {}

  /** A pull request was closed, merged or not; when, by GitHub's clock as far as it says. */
  record Closed(PullRequest pullRequest, Instant at) implements Event {}

  /** GitHub's greeting, with advice on the webhook's settings; empty if they are right. */
  record Ping(String advice) implements Event {}

  /** An event that Slipway does not act on. */
  record Ignored(String reason) implements Event {}

  /** A deployment of another GitHub host than the configured one. */
  record Elsewhere(String reason) implements Event {}

  /** A body that cannot be understood. */
  record Invalid(String reason) implements Event {}
}
