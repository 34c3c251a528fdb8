package dev.slipway.fakes;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * An HTTP response.
 *
 * @param then is run after the response was sent
 */
public record FakeResponse(
    int status,
    Map<String, String> headers,
    String body,
    Transmission transmission,
    Runnable then) {
  /** How much of a response is sent. */
  public enum Transmission {
    COMPLETE,
    /** The body ends before its announced length, and the connection is closed. */
    TRUNCATED,
    /** The connection is closed without a response. */
    DROPPED
  }

  public FakeResponse {
    headers = Map.copyOf(headers);
  }

  private FakeResponse(int status, String type, String body) {
    this(status, Map.of("Content-Type", type), body, Transmission.COMPLETE, () -> {});
  }

  public static FakeResponse json(int status, JsonNode body) {
    return new FakeResponse(status, "application/json; charset=utf-8", body.toString());
  }

  public static FakeResponse text(int status, String body) {
    return new FakeResponse(status, "text/plain; charset=utf-8", body);
  }

  public static FakeResponse html(int status, String body) {
    return new FakeResponse(status, "text/html; charset=utf-8", body);
  }

  /** The same response with a header set. */
  public FakeResponse with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new FakeResponse(status, more, body, transmission, then);
  }

  /** The same response, of which only so much is sent. */
  public FakeResponse with(Transmission other) {
    return new FakeResponse(status, headers, body, other, then);
  }

  /** The same response, after which something is run. */
  public FakeResponse then(Runnable next) {
    return new FakeResponse(status, headers, body, transmission, next);
  }
}
