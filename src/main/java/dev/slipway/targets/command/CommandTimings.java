package dev.slipway.targets.command;

import java.time.Duration;

/**
 * How patient the commands are.
 *
 * @param look how long one look waits for news
 * @param grace how long a command may take between TERM and KILL
 * @param keep how many bytes of output may lie on a disk before they are thrown away once read
 */
record CommandTimings(Duration look, Duration grace, long keep) {
  static final CommandTimings USUAL =
      new CommandTimings(Duration.ofSeconds(1), Duration.ofSeconds(5), 16 << 20);
}
