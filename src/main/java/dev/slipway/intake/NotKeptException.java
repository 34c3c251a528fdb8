package dev.slipway.intake;

import org.jspecify.annotations.Nullable;

/** Nothing of what came in was kept; it has to come again. */
public final class NotKeptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean stopping;

  private NotKeptException(boolean stopping, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.stopping = stopping;
  }

  static NotKeptException unwritable(Throwable cause) {
    return new NotKeptException(false, "the database cannot be written", cause);
  }

  static NotKeptException stopping() {
    return new NotKeptException(true, "Slipway is stopping", null);
  }

  /** Whether that is because Slipway stops, and no fault at all. */
  public boolean isStopping() {
    return stopping;
  }
}
