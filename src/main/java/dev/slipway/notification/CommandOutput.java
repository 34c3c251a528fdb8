package dev.slipway.notification;

import dev.slipway.runlog.LastLines;
import dev.slipway.targets.AttemptLog;

/** The end of what a command wrote, redacted. */
record CommandOutput(LastLines lines) implements AttemptLog {
  @Override
  public void log(String line) {
    lines.say(line);
  }

  @Override
  public void output(byte[] added, int offset, int length) {
    lines.output(added, offset, length);
  }

  String text() {
    return lines.text();
  }
}
