package dev.slipway.web;

import dev.slipway.time.SystemTime;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import jakarta.inject.Singleton;

/**
 * Makes the time that all parts but runs go by, the controllers too. The framework has a clock of
 * its own, which would be preferred if ours were not the primary one.
 */
@Factory
final class ClockFactory {
  @Singleton
  @Primary
  SystemTime time() {
    return new SystemTime();
  }
}
