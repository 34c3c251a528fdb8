package dev.slipway.targets;

/** The ownership check of an attempt. A start is sent only right after it has passed. */
@FunctionalInterface
public interface Fence {
  /**
   * Returns only while no other worker can have the run, and none can get it for ten seconds. A
   * worker that was frozen for a while may find here that another one has taken it over.
   *
   * @throws FencedException when the run is no longer ours; the start must not be sent
   */
  void confirm() throws FencedException, InterruptedException;
}
