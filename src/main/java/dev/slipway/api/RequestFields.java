package dev.slipway.api;

import dev.slipway.github.Github;
import dev.slipway.github.GithubHosts;
import dev.slipway.intake.StrictJson;
import dev.slipway.model.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The fields of a request's body, a JSON object, and all that is wrong with them. */
final class RequestFields {
  private static final int LONGEST_REASON = 500;

  private final List<String> errors = new ArrayList<>();
  private final @Nullable JsonNode json;

  private RequestFields(@Nullable JsonNode json) {
    this.json = json;
  }

  /**
   * Reads a body; one without a byte has no fields.
   *
   * @param known the names of the fields that there are
   */
  static RequestFields read(byte[] body, Set<String> known) {
    if (body.length == 0) {
      return new RequestFields(null);
    }
    try {
      JsonNode json = StrictJson.read(body);
      RequestFields fields = new RequestFields(json.isObject() ? json : null);
      if (json.isObject()) {
        json.propertyNames().stream()
            .filter(name -> !known.contains(name))
            .forEach(
                name ->
                    fields.error("unknown field \"" + name.replaceAll("\\p{Cntrl}", "?") + "\""));
      } else {
        fields.error("the body must be a JSON object");
      }
      return fields;
    } catch (JacksonException e) {
      RequestFields fields = new RequestFields(null);
      fields.error("the body is not JSON");
      return fields;
    }
  }

  /** Everything that is wrong, in the order in which it was found. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  /** Adds something that is wrong, once. */
  void error(String what) {
    if (!errors.contains(what)) {
      errors.add(what);
    }
  }

  private @Nullable JsonNode field(String name) {
    JsonNode node = json == null ? null : json.get(name);
    return node == null || node.isNull() ? null : node;
  }

  /** A text that is not blank. */
  String text(String name, String otherwise) {
    JsonNode node = field(name);
    if (node == null) {
      return otherwise;
    }
    if (!node.isString() || node.stringValue().isBlank() || node.stringValue().indexOf(0) >= 0) {
      error(name + " must be a text that is not blank");
      return otherwise;
    }
    return node.stringValue();
  }

  /** Why the caller asks for this; empty where it is left out. It is told and kept. */
  String reason() {
    String reason = text("reason", "");
    if (reason.length() > LONGEST_REASON) {
      error("reason may have %d characters at most".formatted(LONGEST_REASON));
    }
    return reason;
  }

  /**
   * The repository that {@code repository} names, at the GitHub host that {@code host} names or at
   * the first one; {@link Repository#NONE} where it is left out.
   */
  Repository repository(GithubHosts githubHosts) {
    String host = text("host", githubHosts.first().host());
    String name = text("repository", "");
    Optional<Github> known = githubHosts.find(host);
    if (known.isEmpty()) {
      error(
          "host must be one of "
              + String.join(", ", githubHosts.all().stream().map(Github::host).toList()));
    }
    if (name.isEmpty()) {
      if (field("host") != null) {
        error("host needs repository");
      }
      return Repository.NONE;
    }
    if (!Repository.isFullName(name)) {
      error("repository must be owner/name");
    }
    return new Repository(known.map(Github::host).orElse(host), 0, name);
  }

  /** True or false; false where it is left out. */
  boolean flag(String name) {
    JsonNode node = field(name);
    if (node != null && !node.isBoolean()) {
      errors.add(name + " must be true or false");
    }
    return node != null && node.isBoolean() && node.booleanValue();
  }

  /** JSON text of the field {@code payload}. */
  String payload() {
    JsonNode node = field("payload");
    return node == null ? "{}" : node.toString().replace("\\u0000", "\\ufffd");
  }

  /** The texts of the field {@code required_contexts}; empty where it is left out. */
  Optional<List<String>> contexts() {
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

  /** A whole number above 0; empty where it is left out. */
  Optional<Long> number(String name) {
    JsonNode node = field(name);
    if (node != null
        && !(node.canConvertToLong() && node.isIntegralNumber() && node.longValue() > 0)) {
      errors.add(name + " must be a whole number above 0");
      return Optional.empty();
    }
    return Optional.ofNullable(node).map(JsonNode::longValue);
  }
}
