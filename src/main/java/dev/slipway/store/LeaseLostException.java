package dev.slipway.store;

/** Another worker has taken the run over; this one must write and start nothing more. */
public final class LeaseLostException extends Exception {
  private static final long serialVersionUID = 1L;

  LeaseLostException(Lease lease) {
    super(message(lease));
  }

  /** The same, learned from a part that knows no leases. */
  public LeaseLostException(Lease lease, Throwable cause) {
    super(message(lease), cause);
  }

  private static String message(Lease lease) {
    return "run " + lease.runId() + " was taken over by another worker";
  }
}
