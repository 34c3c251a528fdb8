package dev.slipway.targets.render;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a provider sent as leniently as can be: what is of the wrong type is not there. */
final class LenientJson {
  private LenientJson() {}

  static Optional<String> text(JsonNode node) {
    return node.isString() && !node.stringValue().isBlank()
        ? Optional.of(node.stringValue())
        : Optional.empty();
  }

  static @Nullable Instant instant(JsonNode node) {
    try {
      return text(node).map(Instant::parse).orElse(null);
    } catch (DateTimeParseException malformed) {
      return null;
    }
  }

  /** An address that may be shown as a link: http or https, with a host and nothing to log in. */
  static Optional<URI> link(JsonNode node) {
    return text(node)
        .flatMap(
            text -> {
              try {
                return Optional.of(new URI(text));
              } catch (URISyntaxException malformed) {
                return Optional.empty();
              }
            })
        .filter(uri -> "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
        .filter(uri -> uri.getHost() != null && uri.getRawUserInfo() == null);
  }

  /** Encodes a value for a query. */
  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
