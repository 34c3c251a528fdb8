package dev.slipway.intake;

/** The database could not be written, so nothing of what came in was kept; it has to come again. */
public final class NotKeptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotKeptException(Throwable cause) {
    super("the database cannot be written", cause);
  }
}
