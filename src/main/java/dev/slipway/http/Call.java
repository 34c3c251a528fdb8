package dev.slipway.http;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request, as data. Prints without its query, headers and body, for those hold secrets.
 *
 * @param body sent as UTF-8 with the {@code Content-Type} among the headers; null for none
 */
public record Call(String method, URI uri, Map<String, String> headers, @Nullable String body) {
  public Call {
    headers = Map.copyOf(headers);
  }

  public static Call get(URI uri) {
    return new Call("GET", uri, Map.of(), null);
  }

  public static Call delete(URI uri) {
    return new Call("DELETE", uri, Map.of(), null);
  }

  /** A POST without a body. */
  public static Call post(URI uri) {
    return new Call("POST", uri, Map.of(), null);
  }

  /** A POST with a body of JSON text. */
  public static Call postJson(URI uri, String json) {
    return new Call("POST", uri, Map.of("Content-Type", "application/json"), json);
  }

  /** The same call with one more header. */
  public Call with(String header, String value) {
    return with(Map.of(header, value));
  }

  /** The same call with more headers. */
  public Call with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Call(method, uri, all, body);
  }

  /** The method and the address without query: safe to show. */
  public String described() {
    return method
        + " "
        + uri.getScheme()
        + "://"
        + uri.getAuthority()
        + (uri.getRawPath() == null ? "" : uri.getRawPath());
  }

  @Override
  public String toString() {
    return described();
  }
}
