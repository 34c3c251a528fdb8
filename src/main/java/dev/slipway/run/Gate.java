package dev.slipway.run;

import dev.slipway.model.End;
import dev.slipway.store.StoredDeployment;
import dev.slipway.store.StoredRun;
import java.util.Optional;

/** Has a last look at a run when its turn has come, before anything is started. */
@FunctionalInterface
public interface Gate {
  /** Lets everything through. */
  Gate OPEN = (_, _, _) -> Optional.empty();

  /** Takes a line for the log of the run. */
  interface Remarks {
    void say(String line);
  }

  /** The end that the run has without being started; empty to let it start. */
  Optional<End> objection(StoredDeployment deployment, StoredRun run, Remarks remarks)
      throws InterruptedException;
}
