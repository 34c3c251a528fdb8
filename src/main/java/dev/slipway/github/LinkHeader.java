package dev.slipway.github;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code Link} header, which leads to the next page of a list. */
final class LinkHeader {
  private static final Pattern NEXT = Pattern.compile("<([^>]{1,2000})>\\s*;\\s*rel=\"next\"");

  private LinkHeader() {}

  /** The next page, unless it is on another host than the configured one. */
  static Optional<URI> next(String link, URI base) {
    Matcher next = NEXT.matcher(link);
    if (!next.find()) {
      return Optional.empty();
    }
    try {
      URI uri = URI.create(next.group(1));
      return base.getScheme().equals(uri.getScheme())
              && base.getAuthority().equals(uri.getAuthority())
          ? Optional.of(uri)
          : Optional.empty();
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
