package dev.slipway.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/** What every answer carries, whoever made it. */
@ServerFilter("/**")
final class SecurityHeaders {
  @ResponseFilter
  void dress(HttpRequest<?> request, MutableHttpResponse<?> response) {
    set(response, "X-Content-Type-Options", "nosniff");
    set(response, "Referrer-Policy", "no-referrer");
    set(response, "X-Frame-Options", "DENY");
    set(response, "X-Robots-Tag", "noindex, nofollow");
    // Assets are asked for again, and seldom sent again: a new page never gets an old script
    boolean asset = request.getPath().startsWith("/assets/") && response.code() < 400;
    set(response, "Cache-Control", asset ? "no-cache" : "no-store");
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
