package dev.slipway.fakes;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** GitHub's ways to say no. */
final class GitHubProblem {
  private static final Set<String> STATES =
      Set.of("error", "failure", "inactive", "in_progress", "queued", "pending", "success");
  private static final int LONGEST_DESCRIPTION = 140;

  private GitHubProblem() {}

  static FakeResponse of(int status, String message) {
    return FakeResponse.json(status, body(status, message));
  }

  private static ObjectNode body(int status, String message) {
    return JsonBodies.object()
        .put("message", message)
        .put("documentation_url", "https://docs.github.com/rest")
        .put("status", Integer.toString(status));
  }

  /** Why GitHub does not take this as a deployment status. */
  static Optional<FakeResponse> withStatus(JsonNode status) {
    if (!STATES.contains(status.path("state").asString(""))) {
      return Optional.of(invalid("state", "state is not included in the list"));
    }
    String description = status.path("description").asString("");
    if (description.codePointCount(0, description.length()) > LONGEST_DESCRIPTION) {
      return Optional.of(
          invalid(
              "description",
              "description is too long (maximum is " + LONGEST_DESCRIPTION + " characters)"));
    }
    return link(status, "log_url").or(() -> link(status, "environment_url"));
  }

  private static Optional<FakeResponse> link(JsonNode status, String field) {
    String url = status.path(field).asString("");
    return url.isEmpty() || url.startsWith("https://") || url.startsWith("http://")
        ? Optional.empty()
        : Optional.of(invalid(field, field + " must use http(s) scheme"));
  }

  private static FakeResponse invalid(String field, String message) {
    ObjectNode body = body(422, "Validation Failed");
    body.putArray("errors")
        .addObject()
        .put("resource", "DeploymentStatus")
        .put("code", "custom")
        .put("field", field)
        .put("message", message);
    return FakeResponse.json(422, body);
  }
}
