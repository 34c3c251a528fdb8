package dev.slipway.control;

import dev.slipway.http.JsonCodec;
import dev.slipway.model.Deployment;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
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
    return read(deployment).path(ROLLBACK).asBoolean(false);
  }

  /** Our number of the deployment that is repeated; written by whoever made the deployment. */
  static OptionalLong target(Deployment deployment) {
    JsonNode payload = read(deployment);
    JsonNode to = payload.path(TO);
    return payload.path(ROLLBACK).asBoolean(false) && to.canConvertToLong()
        ? OptionalLong.of(to.longValue())
        : OptionalLong.empty();
  }

  /** The payload of the deployment that is repeated, with what makes it a rollback. */
  static String of(long id, Deployment repeated) {
    return plain(repeated).put(ROLLBACK, true).put(TO, id).toString();
  }

  /** The payload without anything about going back; empty where it was no object. */
  static ObjectNode plain(Deployment deployment) {
    ObjectNode payload =
        read(deployment) instanceof ObjectNode given ? given.deepCopy() : JsonCodec.object();
    payload.remove(ROLLBACK);
    payload.remove(TO);
    return payload;
  }

  private static JsonNode read(Deployment deployment) {
    JsonNode payload = JsonCodec.read(deployment.payload());
    return payload.isString() ? JsonCodec.read(payload.stringValue()) : payload;
  }
}
