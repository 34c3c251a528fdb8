package dev.slipway.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What the payload of a deployment says about freeze windows: {@code "override_freeze": why}. */
final class FreezeOverride {
  private static final String FIELD = "override_freeze";

  private FreezeOverride() {}

  /** Whether it wants to start all the same, and says why. */
  static boolean isAskedFor(String payload) {
    // Parsed only where it can be there
    return payload.contains(FIELD) && !reason(payload).isBlank();
  }

  private static String reason(String payload) {
    try {
      JsonNode json = StrictJson.read(payload.getBytes(UTF_8));
      // A payload may be a text that holds JSON
      JsonNode inner = json.isString() ? StrictJson.read(json.stringValue().getBytes(UTF_8)) : json;
      return inner.path(FIELD).asString("");
    } catch (JacksonException noJson) {
      return "";
    }
  }
}
