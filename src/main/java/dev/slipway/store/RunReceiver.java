package dev.slipway.store;

import java.util.Optional;

/**
 * Gets runs in the commits in which they join their queues. What is asked in the middle of a
 * transaction neither waits nor asks the database.
 */
public interface RunReceiver {
  /** Whether it takes any at the moment; asked in the middle of transactions. */
  boolean isOpen();

  /**
   * The intent to store with a run that it gets, if it would make its first call at once; asked in
   * the middle of transactions.
   */
  Optional<StartIntent> intend(LeasedRun run);

  /** Nothing that it intended for this run is to be done: the run does not come. */
  void abandon(Lease lease);

  /**
   * Begins a run that was taken, or gives it back.
   *
   * @param intent what it has intended for it, which is on disk
   */
  void start(LeasedRun run, Optional<StartIntent> intent);
}
