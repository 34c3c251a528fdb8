package dev.slipway.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a small server answers.
 *
 * @param then is done after the answer went out
 */
record Response(int status, Map<String, String> headers, String body, Runnable then) {
  Response {
    headers = Map.copyOf(headers);
  }

  static Response json(int status, JsonNode body) {
    return new Response(
        status,
        Map.of("Content-Type", "application/json; charset=utf-8"),
        body.toString(),
        () -> {});
  }

  static Response text(int status, String body) {
    return new Response(
        status, Map.of("Content-Type", "text/plain; charset=utf-8"), body, () -> {});
  }

  Response with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Response(status, more, body, then);
  }

  Response then(Runnable next) {
    return new Response(status, headers, body, next);
  }
}
