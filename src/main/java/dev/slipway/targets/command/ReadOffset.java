package dev.slipway.targets.command;

import java.time.Instant;

/** How far the output of a run was received; the server knows it too, for after a restart. */
record ReadOffset(String offset, Instant lastOutput) {
  ReadOffset plus(long at, long count, Instant now) {
    return new ReadOffset(Long.toString(at + count), count > 0 ? now : lastOutput);
  }
}
