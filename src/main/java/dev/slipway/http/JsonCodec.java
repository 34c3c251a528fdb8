package dev.slipway.http;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON to and from the systems that we call. */
public final class JsonCodec {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonCodec() {}

  /** An empty object to fill; its {@code toString} is JSON text. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The document, or a missing node when the text is no JSON. */
  public static JsonNode read(String text) {
    return lenient(text);
  }

  static JsonNode lenient(String body) {
    try {
      return body.isBlank() ? MissingNode.getInstance() : MAPPER.readTree(body);
    } catch (JacksonException notJson) {
      return MissingNode.getInstance();
    }
  }
}
