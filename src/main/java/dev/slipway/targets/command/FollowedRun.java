package dev.slipway.targets.command;

import dev.slipway.targets.AttemptLog;
import dev.slipway.time.Time;
import java.io.IOException;

/** A run while somebody looks at it. */
record FollowedRun(
    RunDirectory directory, ProcessIdentity leader, OutputTail tail, AttemptLog log, Time time) {
  private static final long STEP = 1 << 20;

  ProcessGroup group() {
    return new ProcessGroup(leader, time);
  }

  /**
   * Hands on what the command wrote. When more than {@code keep} bytes lie in the file, the command
   * is halted until all of them are read and thrown away: a flood fills neither memory nor disk.
   *
   * @return whether there was anything
   */
  boolean forward(long keep) throws IOException, InterruptedException {
    boolean heard = tail.isBehind();
    do {
      tail.forward(log, STEP);
    } while (tail.isBehind() && tail.size() <= keep);
    if (tail.size() <= keep) {
      return heard;
    }
    ProcessGroup group = group();
    try {
      boolean still = group.freeze();
      tail.forward(log, Long.MAX_VALUE / 2);
      if (still) {
        tail.restart();
      }
    } finally {
      group.thaw();
    }
    return heard;
  }

  /**
   * Ends the group and hands on the last of its output.
   *
   * @return whether anything was left to end
   */
  boolean end(CommandTimings pace) throws IOException, InterruptedException {
    boolean left =
        group()
            .end(
                pace.grace(),
                () -> {
                  boolean _ = forward(pace.keep());
                });
    tail.forward(log, Long.MAX_VALUE / 2);
    return left;
  }
}
