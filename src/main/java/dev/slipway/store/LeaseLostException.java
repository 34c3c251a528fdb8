package dev.slipway.store;

/** Another worker has taken the run over; this one must write and start nothing more. */
public final class LeaseLostException extends Exception {
  private static final long serialVersionUID = 1L;

  LeaseLostException(Lease lease) {
    super("run " + lease.runId() + " was taken over by another worker");
  }
}
