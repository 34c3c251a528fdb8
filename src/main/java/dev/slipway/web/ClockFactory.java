package dev.slipway.web;

import dev.slipway.time.SystemTime;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.time.InstantSourceFactory;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/**
 * Gives controllers the clock of all other parts. The framework has one of its own, which would be
 * preferred to a singleton of ours as its type is exactly the one that is asked for.
 */
@Factory
@Requires(beans = SystemTime.class)
final class ClockFactory {
  @Singleton
  @Replaces(bean = InstantSource.class, factory = InstantSourceFactory.class)
  InstantSource clock(SystemTime time) {
    return time;
  }
}
