package dev.slipway.store;

import java.util.List;
import java.util.Optional;

/** Takes every run that it is handed, and intends nothing. */
record BegunRuns(List<LeasedRun> begun) implements RunReceiver {
  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public Optional<StartIntent> intend(LeasedRun run) {
    return Optional.empty();
  }

  @Override
  public void abandon(Lease lease) {
    throw new AssertionError(lease);
  }

  @Override
  public void start(LeasedRun run, Optional<StartIntent> intent) {
    begun.add(run);
  }
}
