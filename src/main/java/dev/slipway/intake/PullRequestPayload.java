package dev.slipway.intake;

import dev.slipway.model.Deployment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a deployment's payload says about the pull request that it was made for. */
public final class PullRequestPayload {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> NAMES =
      List.of("pull_request", "pull_request_number", "pr", "pr_number");

  private PullRequestPayload() {}

  /**
   * The number of the pull request: {@code "pull_request": 12}, {@code "pr": "12"}, or an object
   * with {@code number} under one of these names.
   */
  public static Optional<Long> number(Deployment deployment) {
    JsonNode payload = read(deployment.payload());
    JsonNode object = payload.isString() ? read(payload.stringValue()) : payload;
    return NAMES.stream()
        .map(object::path)
        .flatMap(named -> Stream.of(named, named.path("number")))
        .flatMap(node -> number(node).stream())
        .findFirst();
  }

  private static Optional<Long> number(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return Optional.of(node.longValue()).filter(number -> number > 0);
    }
    return node.stringValueOpt()
        .filter(text -> text.matches("#?[1-9]\\d{0,17}"))
        .map(text -> Long.parseLong(text.replace("#", "")));
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException noJson) {
      return JSON.missingNode();
    }
  }
}
