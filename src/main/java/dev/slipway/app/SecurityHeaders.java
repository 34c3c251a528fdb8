package dev.slipway.app;

import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/** What every answer carries, whoever made it. */
@ServerFilter("/**")
final class SecurityHeaders {
  @ResponseFilter
  void dress(MutableHttpResponse<?> response) {
    set(response, "X-Content-Type-Options", "nosniff");
    set(response, "Referrer-Policy", "no-referrer");
    set(response, "X-Frame-Options", "DENY");
    set(response, "X-Robots-Tag", "noindex, nofollow");
    set(response, "Cache-Control", "no-store");
    set(response, "Cross-Origin-Opener-Policy", "same-origin");
    set(response, "Cross-Origin-Resource-Policy", "same-origin");
    set(response, "Strict-Transport-Security", "max-age=31536000");
    set(
        response,
        "Content-Security-Policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
  }

  private static void set(MutableHttpResponse<?> response, String name, String value) {
    if (!response.getHeaders().contains(name)) {
      response.header(name, value);
    }
  }
}
