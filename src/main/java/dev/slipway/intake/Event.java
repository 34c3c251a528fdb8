package dev.slipway.intake;

import dev.slipway.model.Deployment;
import dev.slipway.model.Origin;

/** What the body of a delivery turned out to be. */
sealed interface Event {
  /** Somebody created a deployment. */
  record Created(Deployment deployment, Origin maker) implements Event {}

  /** GitHub's greeting, with what is wrong with the hook; nothing if all is well. */
  record Ping(String advice) implements Event {}

  /** Nothing that we act on. */
  record Ignored(String reason) implements Event {}

  /** Another GitHub than ours tells of a deployment of its own. */
  record Elsewhere(String reason) implements Event {}

  /** A body that cannot be understood. */
  record Invalid(String reason) implements Event {}
}
