package dev.slipway.app;

import java.util.Map;

/** What Micronaut's server is told. */
final class HttpProperties {
  private HttpProperties() {}

  static Map<String, Object> of(Settings settings) {
    int largest = 27 * 1024 * 1024;
    return Map.of(
        "micronaut.application.name",
        "slipway",
        "micronaut.server.port",
        settings.port() == 0 ? -1 : settings.port(),
        "micronaut.server.host",
        "0.0.0.0",
        "micronaut.server.max-request-size",
        largest,
        "micronaut.server.max-request-buffer-size",
        largest,
        "micronaut.server.date-header",
        true,
        // GitHub signs what it sends; unpacked, it would be something else, and of any size
        "micronaut.server.netty.request-decompression-enabled",
        false,
        "micronaut.router.static-resources.public.paths",
        "classpath:public",
        "micronaut.router.static-resources.public.mapping",
        "/assets/**");
  }
}
