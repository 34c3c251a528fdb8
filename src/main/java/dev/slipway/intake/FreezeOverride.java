package dev.slipway.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What the payload of a deployment says about freeze windows: {@code "override_freeze": why}. */
final class FreezeOverride {
  private static final String FIELD = "override_freeze";
  private static final int LONGEST = 500;

  private FreezeOverride() {}

  /** Why it wants to start all the same, cut; empty when it does not. */
  static Optional<String> reason(String payload) {
    // Parsed only where it can be there
    return Optional.of(payload)
        .filter(text -> text.contains(FIELD))
        .map(FreezeOverride::read)
        .filter(reason -> !reason.isBlank())
        .map(reason -> reason.substring(0, Math.min(LONGEST, reason.length())));
  }

  private static String read(String payload) {
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
