package dev.slipway.http;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The base address of an API. Paths are appended and not resolved, for the base may have a path of
 * its own.
 */
public final class BaseUrl {
  private final String text;

  private BaseUrl(String text) {
    this.text = text;
  }

  /** The address without slashes at its end. */
  public static BaseUrl of(URI uri) {
    return new BaseUrl(uri.toString().replaceAll("/+$", ""));
  }

  /**
   * The address of something below the base.
   *
   * @param path empty, or with a slash at its start; may have a query
   */
  public URI uri(String path) {
    return URI.create(text + path);
  }

  /** Encodes one segment of a path, or one value of a query. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return text;
  }
}
