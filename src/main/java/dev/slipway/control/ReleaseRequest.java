package dev.slipway.control;

import dev.slipway.model.Actor;
import dev.slipway.model.Environment;
import dev.slipway.model.Repository;
import org.jspecify.annotations.Nullable;

/** What an operator wants to be live in an environment, told by what is or was live. */
public sealed interface ReleaseRequest {
  /** Whose deployments are meant. */
  Repository repository();

  /** The environment that is deployed to. */
  Environment environment();

  /** Who asks; the new deployment's description says so. */
  Actor actor();

  /** Why; may be empty. */
  String reason();

  /**
   * Goes back to a commit that was live before.
   *
   * @param to our number of the deployment to repeat; null for the one before the present one
   */
  record Rollback(
      Repository repository, Environment environment, @Nullable Long to, Actor actor, String reason)
      implements ReleaseRequest {}

  /**
   * Deploys what is live in another environment.
   *
   * @param from that environment
   */
  record Promotion(
      Repository repository, Environment from, Environment environment, Actor actor, String reason)
      implements ReleaseRequest {}
}
