package dev.slipway.run;

import dev.slipway.runlog.LogWriter;
import dev.slipway.targets.AttemptLog;

/** Carries a target's lines into the log of the run. */
final class RunAttemptLog implements AttemptLog {
  private final LogWriter log;

  RunAttemptLog(LogWriter log) {
    this.log = log;
  }

  @Override
  public void log(String line) {
    log.say(line);
  }

  @Override
  public void output(byte[] bytes, int offset, int length) {
    log.output(bytes, offset, length);
  }
}
