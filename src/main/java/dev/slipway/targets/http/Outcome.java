package dev.slipway.targets.http;

import dev.slipway.http.JsonCodec;
import dev.slipway.model.End;
import dev.slipway.targets.LenientJson;
import dev.slipway.targets.ProviderMessages;
import java.net.URI;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a deploy ended, as the receiver says it in an answer or a callback.
 *
 * @param description one clean line; empty when it gave none
 */
record Outcome(State state, String description, Optional<URI> environmentUrl) {
  private static final int LONGEST_URL = 2000;

  enum State {
    SUCCESS("success"),
    FAILURE("failure"),
    ERROR("error");

    private final String code;

    State(String code) {
      this.code = code;
    }
  }

  /** Empty when the document names no state. */
  static Optional<Outcome> read(JsonNode json, ProviderMessages messages) {
    String code = LenientJson.text(json.path("state")).orElse("");
    for (State state : State.values()) {
      if (state.code.equals(code)) {
        return Optional.of(
            new Outcome(
                state,
                LenientJson.text(json.path("description")).map(messages::clean).orElse(""),
                link(json)));
      }
    }
    return Optional.empty();
  }

  private static Optional<URI> link(JsonNode json) {
    return LenientJson.link(json.path("environment_url"))
        .filter(url -> url.toString().length() <= LONGEST_URL);
  }

  /** Whether the document has an address that must not be shown. */
  static boolean hasBadLink(JsonNode json) {
    JsonNode given = json.path("environment_url");
    return !given.isMissingNode() && !given.isNull() && link(json).isEmpty();
  }

  /** The outcome as JSON text, which {@link #read} understands. */
  String json() {
    ObjectNode json = JsonCodec.object().put("state", state.code).put("description", description);
    environmentUrl.ifPresent(url -> json.put("environment_url", url.toString()));
    return json.toString();
  }

  End end() {
    String reason = description.isEmpty() ? "The receiver says " + state.code : description;
    return switch (state) {
      case SUCCESS -> new End.Succeeded(environmentUrl.orElse(null), reason);
      case FAILURE -> new End.Failed(reason);
      case ERROR -> new End.Errored(reason);
    };
  }
}
