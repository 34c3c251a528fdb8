package dev.slipway.fakes;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * An HTTP request.
 *
 * @param headers by name without regard to case; the first value of each
 */
public record FakeRequest(String method, URI uri, Map<String, String> headers, String text) {
  public FakeRequest {
    Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    headers = sorted;
  }

  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** A parameter of the query; empty if it is not there. */
  String query(String name) {
    return queries(name).stream().findFirst().orElse("");
  }

  /** All values of a parameter of the query. */
  List<String> queries(String name) {
    return parameters().getOrDefault(name, List.of());
  }

  private Map<String, List<String>> parameters() {
    String query = uri.getRawQuery();
    return query == null
        ? Map.of()
        : Arrays.stream(query.split("&", -1))
            .map(pair -> pair.split("=", 2))
            .collect(
                Collectors.groupingBy(
                    pair -> decoded(pair[0]),
                    Collectors.mapping(
                        pair -> pair.length == 2 ? decoded(pair[1]) : "", Collectors.toList())));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  public JsonNode json() {
    return JsonBodies.read(text);
  }
}
