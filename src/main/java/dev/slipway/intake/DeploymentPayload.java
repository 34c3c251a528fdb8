package dev.slipway.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.model.Deployment;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What the payload of a deployment says: an object, or a text that holds one, which is what some
 * clients send. Whoever made the deployment wrote it.
 */
public final class DeploymentPayload {
  private final JsonNode json;

  private DeploymentPayload(JsonNode json) {
    this.json = json;
  }

  /** The payload of this deployment; one that is no JSON has no fields. */
  public static DeploymentPayload of(Deployment deployment) {
    return of(deployment.payload());
  }

  static DeploymentPayload of(String payload) {
    JsonNode given = read(payload);
    return new DeploymentPayload(given.isString() ? read(given.stringValue()) : given);
  }

  /** All of it; a missing node where it is no JSON. */
  public JsonNode json() {
    return json;
  }

  /** A field; a missing node where there is none. */
  public JsonNode field(String name) {
    return json.path(name);
  }

  /** A text that is not blank, without blanks around it. */
  public Optional<String> text(String name) {
    return field(name).stringValueOpt().map(String::strip).filter(text -> !text.isEmpty());
  }

  /** A number above 0, also written as a text: {@code 12}, {@code "12"}, {@code "#12"}. */
  public Optional<Long> number(String name) {
    return number(field(name));
  }

  static Optional<Long> number(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return Optional.of(node.longValue()).filter(number -> number > 0);
    }
    return node.stringValueOpt()
        .filter(text -> text.matches("#?[1-9]\\d{0,17}"))
        .map(text -> Long.parseLong(text.replace("#", "")));
  }

  private static JsonNode read(String text) {
    try {
      return text.isBlank() ? MissingNode.getInstance() : StrictJson.read(text.getBytes(UTF_8));
    } catch (JacksonException noJson) {
      return MissingNode.getInstance();
    }
  }
}
