package dev.slipway.time;

import java.time.Instant;

/** Waiting for a time of day. Tests turn a clock on instead. */
@FunctionalInterface
public interface Sleeper {
  /** Returns at this instant, or a little later. */
  void until(Instant instant) throws InterruptedException;
}
