package dev.slipway.control;

import dev.slipway.http.JsonCodec;
import dev.slipway.intake.DeploymentPayload;
import dev.slipway.intake.FreezeOverride;
import dev.slipway.model.Deployment;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a deployment's payload says about going back: {@code "rollback": true}, and with it our
 * number of the deployment whose commit is deployed again.
 */
public final class RollbackPayload {
  private static final String ROLLBACK = "rollback";
  private static final String TO = "rollback_to";

  private RollbackPayload() {}

  /** Whether the deployment is meant to deploy an older commit. */
  public static boolean isRollback(Deployment deployment) {
    return DeploymentPayload.of(deployment).field(ROLLBACK).asBoolean(false);
  }

  /** Our number of the deployment that is repeated; written by whoever made the deployment. */
  static OptionalLong target(Deployment deployment) {
    return isRollback(deployment)
        ? DeploymentPayload.of(deployment)
            .number(TO)
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty())
        : OptionalLong.empty();
  }

  /** The payload of the deployment that is repeated, with what makes it a rollback. */
  static String of(long id, Deployment repeated) {
    return plain(repeated).put(ROLLBACK, true).put(TO, id).toString();
  }

  /**
   * The payload without anything about going back, and without the leave that its maker alone could
   * give for freeze windows; empty where it was no object.
   */
  static ObjectNode plain(Deployment deployment) {
    ObjectNode payload =
        DeploymentPayload.of(deployment).json() instanceof ObjectNode given
            ? given.deepCopy()
            : JsonCodec.object();
    payload.remove(ROLLBACK);
    payload.remove(TO);
    payload.remove(FreezeOverride.FIELD);
    return payload;
  }
}
