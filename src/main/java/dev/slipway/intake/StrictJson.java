package dev.slipway.intake;

import java.io.InputStream;
import java.io.Writer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON from outside: UTF-8 alone, no key twice, nothing after the end, bounded depth. The one
 * parser for what comes in, so that one body has one meaning.
 */
public final class StrictJson {
  private static final int LONGEST_NAME = 64 * 1024;
  private static final int LONGEST_STRING = 1024 * 1024;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(200)
                  .maxNumberLength(100)
                  .maxNameLength(LONGEST_NAME)
                  .maxStringLength(LONGEST_STRING)
                  .build())
          .build();

  /** Made at first use: deliveries do without. */
  private static final class Mapper {
    private static final JsonMapper MAPPER =
        JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  }

  private StrictJson() {}

  /**
   * The document.
   *
   * @throws tools.jackson.core.JacksonException if it is not JSON, or not of this strict kind
   */
  public static JsonNode read(byte[] json) {
    return Mapper.MAPPER.readTree(json);
  }

  /** A parser with the same rules, but for what follows the document's end. */
  static JsonParser parser(InputStream json) {
    return FACTORY.createParser(ObjectReadContext.empty(), json);
  }

  /** Writes JSON text. */
  static JsonGenerator generator(Writer text) {
    return FACTORY.createGenerator(ObjectWriteContext.empty(), text);
  }
}
