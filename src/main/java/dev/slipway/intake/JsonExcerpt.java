package dev.slipway.intake;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a few wanted members of a large JSON document. All of it is read, so that nothing in it
 * breaks the rules, but only those members take memory.
 */
final class JsonExcerpt {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** The part of a value that is wanted. */
  sealed interface Wanted {
    /** These members if it is an object, all of it if it is a plain value, nothing of an array. */
    record Members(Map<String, Wanted> members) implements Wanted {}

    /** All of it, unless it is longer than so many bytes. */
    record Whole(int most) implements Wanted {}

    /** All of it as the text of a JSON document, unless it is longer than so many bytes. */
    record Text(int most) implements Wanted {}
  }

  /** A member is longer than it may be. */
  static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TooLongException(String member, int most) {
      super("%s is longer than %,d bytes".formatted(member, most), null, false, false);
    }
  }

  private final Measured json;
  private final JsonParser parser;

  private JsonExcerpt(Measured json, JsonParser parser) {
    this.json = json;
    this.parser = parser;
  }

  /**
   * Reads a document.
   *
   * @return what is wanted of it; a missing node when there is no document
   * @throws tools.jackson.core.JacksonException if it is not JSON, or not of the strict kind
   * @throws TooLongException when a member that is wanted whole is longer than it may be
   */
  static JsonNode of(InputStream json, Wanted wanted) {
    Measured measured = new Measured(json);
    try (JsonParser parser = StrictJson.parser(measured)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return NODES.missingNode();
      }
      JsonNode document = new JsonExcerpt(measured, parser).value(first, wanted, "");
      if (parser.nextToken() != null) {
        throw new StreamReadException(parser, "something follows the end of the document");
      }
      return document;
    }
  }

  private JsonNode value(JsonToken first, Wanted wanted, String path) {
    return switch (wanted) {
      case Wanted.Whole(int most) -> limited(most, path, () -> tree(first));
      case Wanted.Text(int most) -> limited(most, path, this::text);
      case Wanted.Members(Map<String, Wanted> members) ->
          switch (first) {
            case START_OBJECT -> object(members, path);
            case START_ARRAY -> {
              parser.skipChildren();
              yield NODES.arrayNode();
            }
            default -> tree(first);
          };
    };
  }

  private ObjectNode object(Map<String, Wanted> members, String path) {
    ObjectNode object = NODES.objectNode();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken first = parser.nextToken();
      Wanted wanted = members.get(name);
      if (wanted == null) {
        parser.skipChildren();
      } else {
        object.set(name, value(first, wanted, path.isEmpty() ? name : path + "." + name));
      }
    }
    return object;
  }

  /** The parser reads ahead, so its own count decides, and the stream's only stops it in time. */
  private JsonNode limited(int most, String path, Supplier<JsonNode> reader) {
    long start = parser.currentTokenLocation().getByteOffset();
    json.end = start + 2L * most;
    try {
      JsonNode value = reader.get();
      if (parser.currentLocation().getByteOffset() - start > most) {
        throw new TooLongException(path, most);
      }
      return value;
    } catch (Measured.OverException over) {
      throw new TooLongException(path, most);
    } catch (StreamConstraintsException e) {
      if (parser.currentLocation().getByteOffset() - start > most) {
        throw new TooLongException(path, most);
      }
      throw e;
    } finally {
      json.end = Long.MAX_VALUE;
    }
  }

  /** By hand: Jackson's mapper has four hundred classes, and the first delivery waits for them. */
  private JsonNode tree(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
          object.set(name, tree(parser.nextToken()));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          array.add(tree(next));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw new StreamReadException(parser, "no value begins with " + token);
    };
  }

  private JsonNode text() {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = StrictJson.generator(text)) {
      generator.copyCurrentStructure(parser);
    }
    return NODES.stringNode(text.toString());
  }

  /** Ends with an exception that the parser does not know when it is read beyond a place. */
  private static final class Measured extends FilterInputStream {
    private long end = Long.MAX_VALUE;
    private long at;

    private static final class OverException extends RuntimeException {
      private static final long serialVersionUID = 1L;

      private OverException() {
        super(null, null, false, false);
      }
    }

    private Measured(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (at >= end) {
        throw new OverException();
      }
      int read = in.read(into, offset, length);
      at += Math.max(read, 0);
      return read;
    }
  }
}
