package dev.slipway.targets;

/** The run of an attempt belongs to another worker now, so nothing was started for it. */
public final class FencedException extends Exception {
  private static final long serialVersionUID = 1L;

  public FencedException(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
