package dev.slipway.run;

import dev.slipway.model.End;
import dev.slipway.store.StoredDeployment;
import dev.slipway.store.StoredRun;
import java.util.Optional;

/** Checks a run that is about to start, before anything is started. */
public interface StartGate {
  /** Takes a line for the log of the run. */
  interface Remarks {
    void say(String line);
  }

  /**
   * Whether a route turns away what a lock or a freeze window holds, where others let it wait;
   * known without a call.
   */
  boolean turnsAwayHeld(String route);

  /** Whether there is never an objection on this route; known without a call. */
  boolean isOpen(String route);

  /** The end that the run has without being started; empty to let it start. */
  Optional<End> objection(StoredDeployment deployment, StoredRun run, Remarks remarks)
      throws InterruptedException;
}
