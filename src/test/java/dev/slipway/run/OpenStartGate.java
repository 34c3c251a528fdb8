package dev.slipway.run;

import dev.slipway.model.End;
import dev.slipway.store.StoredDeployment;
import dev.slipway.store.StoredRun;
import java.util.Optional;

/** A start gate without an objection to any run. */
public final class OpenStartGate implements StartGate {
  @Override
  public boolean isOpen(String route) {
    return true;
  }

  @Override
  public Optional<End> objection(StoredDeployment deployment, StoredRun run, Remarks remarks) {
    return Optional.empty();
  }
}
