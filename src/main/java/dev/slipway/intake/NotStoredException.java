package dev.slipway.intake;

import org.jspecify.annotations.Nullable;

/** Nothing was stored; the delivery or order has to be sent again. */
public final class NotStoredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean stopping;

  private NotStoredException(boolean stopping, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.stopping = stopping;
  }

  static NotStoredException unwritable(Throwable cause) {
    return new NotStoredException(false, "the database cannot be written", cause);
  }

  static NotStoredException stopping() {
    return new NotStoredException(true, "Slipway is stopping", null);
  }

  /** Whether that is because Slipway stops, and no fault at all. */
  public boolean isStopping() {
    return stopping;
  }
}
