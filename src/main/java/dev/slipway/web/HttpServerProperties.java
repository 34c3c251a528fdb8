package dev.slipway.web;

import dev.slipway.api.ApiAccess;
import dev.slipway.configuration.Configuration;
import java.time.Duration;
import java.util.Map;

/** What Micronaut's server is told. */
final class HttpServerProperties {
  /** How long a connection may be without a byte in either direction. */
  static final Duration IDLE = ApiAccess.LONGEST_WAIT.plusMinutes(1);

  private HttpServerProperties() {}

  static Map<String, Object> of(Configuration configuration) {
    int largest = 27 * 1024 * 1024;
    return Map.ofEntries(
        Map.entry("micronaut.application.name", "slipway"),
        Map.entry(
            "micronaut.server.port",
            configuration.server().port() == 0 ? -1 : configuration.server().port()),
        Map.entry("micronaut.server.host", configuration.server().bind()),
        Map.entry("micronaut.server.max-request-size", largest),
        Map.entry("micronaut.server.max-request-buffer-size", largest),
        Map.entry("micronaut.server.date-header", true),
        // A caller of the API may wait for the end of a deployment, and hears nothing until then;
        // RequestDeadline takes care of those who send nothing
        Map.entry("micronaut.server.idle-timeout", IDLE.toSeconds() + "s"),
        Map.entry("micronaut.server.read-idle-timeout", IDLE.toSeconds() + "s"),
        Map.entry("micronaut.server.write-idle-timeout", IDLE.toSeconds() + "s"),
        // GitHub signs what it sends; unpacked, it would be something else, and of any size
        Map.entry("micronaut.server.netty.request-decompression-enabled", false),
        Map.entry("micronaut.router.static-resources.public.paths", "classpath:public"),
        Map.entry("micronaut.router.static-resources.public.mapping", "/assets/**"));
  }
}
