package dev.slipway.run;

import dev.slipway.store.LeaseLostException;
import dev.slipway.targets.Fence;
import dev.slipway.targets.FencedException;

/** Confirms at the database that this worker still holds the lease of the run. */
final class AttemptFence implements Fence {
  private final RunJournal journal;

  AttemptFence(RunJournal journal) {
    this.journal = journal;
  }

  @Override
  public void confirm() throws FencedException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before the start was sent");
    }
    try {
      journal.confirm();
    } catch (LeaseLostException e) {
      throw new FencedException(e);
    }
  }
}
