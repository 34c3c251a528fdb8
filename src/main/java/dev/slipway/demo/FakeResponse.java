package dev.slipway.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a small server answers.
 *
 * @param then is done after the answer went out
 */
record FakeResponse(int status, Map<String, String> headers, String body, Runnable then) {
  FakeResponse {
    headers = Map.copyOf(headers);
  }

  static FakeResponse json(int status, JsonNode body) {
    return new FakeResponse(
        status,
        Map.of("Content-Type", "application/json; charset=utf-8"),
        body.toString(),
        () -> {});
  }

  static FakeResponse text(int status, String body) {
    return new FakeResponse(
        status, Map.of("Content-Type", "text/plain; charset=utf-8"), body, () -> {});
  }

  FakeResponse with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new FakeResponse(status, more, body, then);
  }

  FakeResponse then(Runnable next) {
    return new FakeResponse(status, headers, body, next);
  }
}
