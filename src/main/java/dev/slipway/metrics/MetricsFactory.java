package dev.slipway.metrics;

import io.micronaut.context.annotation.Factory;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.inject.Singleton;

/** Makes the registry of this server's metrics. The library's default one is the JVM's. */
@Factory
final class MetricsFactory {
  @Singleton
  PrometheusRegistry registry() {
    return new PrometheusRegistry();
  }
}
