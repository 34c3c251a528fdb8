package dev.slipway.targets;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a provider sent leniently: what is of the wrong type counts as absent. */
public final class LenientJson {
  private LenientJson() {}

  public static Optional<String> text(JsonNode node) {
    return node.isString() && !node.stringValue().isBlank()
        ? Optional.of(node.stringValue())
        : Optional.empty();
  }

  public static @Nullable Instant instant(JsonNode node) {
    try {
      return text(node).map(Instant::parse).orElse(null);
    } catch (DateTimeParseException malformed) {
      return null;
    }
  }

  /** An address that may be shown as a link: http or https, with a host and no credentials. */
  public static Optional<URI> link(JsonNode node) {
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
}
