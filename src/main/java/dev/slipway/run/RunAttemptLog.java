package dev.slipway.run;

import dev.slipway.runlog.LogWriter;
import dev.slipway.store.LeaseLostException;
import dev.slipway.targets.AttemptLog;

/** Carries a target's lines into the log of the run, and its question for leave to the database. */
record RunAttemptLog(LogWriter log, RunJournal journal) implements AttemptLog {
  @Override
  public void log(String line) {
    log.say(line);
  }

  @Override
  public void output(byte[] bytes, int offset, int length) {
    log.output(bytes, offset, length);
  }

  @Override
  public void confirm() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before the request was sent");
    }
    try {
      journal.confirm();
    } catch (LeaseLostException e) {
      var lost = new InterruptedException(e.getMessage());
      lost.initCause(e);
      throw lost;
    }
  }
}
