package dev.slipway.demo;

import java.time.Duration;

/**
 * How fast the story goes.
 *
 * @param deploy how long a provider takes to build and deploy
 * @param commandPause how long the command on your server rests, twice, in whole seconds
 * @param timeout how long a scene may take before it is given up
 */
public record StoryTiming(Duration deploy, Duration commandPause, Duration timeout) {
  /** Slow enough to be watched. */
  public static final StoryTiming DEMO =
      new StoryTiming(Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(60));
}
