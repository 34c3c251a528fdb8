package dev.slipway.run;

import dev.slipway.runlog.LogWriter;
import dev.slipway.target.Lines;

/** Carries a target's lines into the log of the run. */
record LogLines(LogWriter log) implements Lines {
  @Override
  public void say(String line) {
    log.say(line);
  }

  @Override
  public void output(byte[] bytes, int offset, int length) {
    log.output(bytes, offset, length);
  }
}
