package dev.slipway.fakes;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a small server answers.
 *
 * @param then is done after the answer went out
 */
public record FakeResponse(int status, Map<String, String> headers, String body, Runnable then) {
  public FakeResponse {
    headers = Map.copyOf(headers);
  }

  public static FakeResponse json(int status, JsonNode body) {
    return new FakeResponse(
        status,
        Map.of("Content-Type", "application/json; charset=utf-8"),
        body.toString(),
        () -> {});
  }

  public static FakeResponse text(int status, String body) {
    return new FakeResponse(
        status, Map.of("Content-Type", "text/plain; charset=utf-8"), body, () -> {});
  }

  FakeResponse with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new FakeResponse(status, more, body, then);
  }

  public FakeResponse then(Runnable next) {
    return new FakeResponse(status, headers, body, next);
  }
}
