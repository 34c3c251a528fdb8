package dev.slipway.run;

import dev.slipway.model.End;
import dev.slipway.store.StoredDeployment;
import dev.slipway.store.StoredRun;
import java.util.Optional;

/**
 * A start gate without an objection to any run.
 *
 * @param turnsAway whether what is held is turned away
 */
public record OpenStartGate(boolean turnsAway) implements StartGate {
  /** One that lets what is held wait. */
  public OpenStartGate() {
    this(false);
  }

  @Override
  public boolean turnsAwayHeld(String route) {
    return turnsAway;
  }

  @Override
  public boolean isOpen(String route) {
    return true;
  }

  @Override
  public Optional<End> objection(StoredDeployment deployment, StoredRun run, Remarks remarks) {
    return Optional.empty();
  }
}
