package dev.slipway.api;

import dev.slipway.control.DeployRequest;
import dev.slipway.intake.StrictJson;
import dev.slipway.model.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads the body of {@code POST /api/deploy_application}. */
final class DeployRequestReader {
  private static final Pattern SHA = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Set<String> FIELDS =
      Set.of(
          "repository",
          "sha",
          "ref",
          "environment",
          "task",
          "payload",
          "description",
          "create_github_deployment",
          "route",
          "required_contexts");

  private DeployRequestReader() {}

  /** What came of reading a body. */
  sealed interface Read {
    /** It is fine. */
    record Good(DeployRequest request) implements Read {}

    /** Everything that is wrong with it. */
    record Bad(List<String> errors) implements Read {}
  }

  static Read read(byte[] body) {
    if (body.length == 0) {
      return new Fields(null).read();
    }
    try {
      JsonNode json = StrictJson.read(body);
      return json.isObject()
          ? new Fields(json).read()
          : new Read.Bad(List.of("the body must be a JSON object"));
    } catch (JacksonException e) {
      return new Read.Bad(List.of("the body is not JSON"));
    }
  }

  /** The body's fields, and what is wrong with them. */
  private static final class Fields {
    private final List<String> errors = new ArrayList<>();
    private final @Nullable JsonNode json;

    Fields(@Nullable JsonNode json) {
      this.json = json;
    }

    Read read() {
      if (json != null) {
        json.propertyNames().stream()
            .filter(name -> !FIELDS.contains(name))
            .forEach(
                name -> errors.add("unknown field \"" + name.replaceAll("\\p{Cntrl}", "?") + "\""));
      }
      String sha = text("sha", "");
      String repository = text("repository", "");
      boolean create = flag("create_github_deployment");
      if (!sha.isEmpty() && !SHA.matcher(sha).matches()) {
        errors.add("sha must be 40 or 64 hex digits in lower case");
      }
      if (!repository.isEmpty() && !Repository.isFullName(repository)) {
        errors.add("repository must be owner/name");
      }
      String ref = text("ref", sha);
      if (create && (repository.isEmpty() || ref.isEmpty())) {
        errors.add("create_github_deployment needs repository, and ref or sha");
      }
      if (repository.isEmpty() && !(sha + ref).isEmpty()) {
        errors.add("ref and sha need repository");
      }
      String route = text("route", "");
      DeployRequest request =
          new DeployRequest(
              repository,
              sha.isEmpty() ? null : sha,
              ref,
              text("environment", "production"),
              text("task", "deploy"),
              payload(),
              text("description", ""),
              create,
              route.isEmpty() ? null : route,
              contexts());
      return errors.isEmpty() ? new Read.Good(request) : new Read.Bad(errors);
    }

    private @Nullable JsonNode field(String name) {
      JsonNode node = json == null ? null : json.get(name);
      return node == null || node.isNull() ? null : node;
    }

    private String text(String name, String otherwise) {
      JsonNode node = field(name);
      if (node == null) {
        return otherwise;
      }
      if (!node.isString() || node.stringValue().isBlank() || node.stringValue().indexOf(0) >= 0) {
        errors.add(name + " must be a text that is not blank");
        return otherwise;
      }
      return node.stringValue();
    }

    private boolean flag(String name) {
      JsonNode node = field(name);
      if (node != null && !node.isBoolean()) {
        errors.add(name + " must be true or false");
      }
      return node != null && node.isBoolean() && node.booleanValue();
    }

    private String payload() {
      JsonNode node = field("payload");
      return node == null ? "{}" : node.toString().replace("\\u0000", "\\ufffd");
    }

    private Optional<List<String>> contexts() {
      JsonNode node = field("required_contexts");
      if (node == null) {
        return Optional.empty();
      }
      if (!node.isArray()
          || StreamSupport.stream(node.spliterator(), false).anyMatch(c -> !c.isString())) {
        errors.add("required_contexts must be a list of texts");
        return Optional.empty();
      }
      return Optional.of(
          StreamSupport.stream(node.spliterator(), false).map(JsonNode::stringValue).toList());
    }
  }
}
