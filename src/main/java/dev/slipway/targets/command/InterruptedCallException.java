package dev.slipway.targets.command;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;

/** An interruption that comes as an I/O error: nothing failed, somebody wants the thread to end. */
final class InterruptedCallException {
  private InterruptedCallException() {}

  /**
   * Returns when the error is a real one.
   *
   * @throws InterruptedException when the thread was interrupted
   */
  static void rethrow(Exception e) throws InterruptedException {
    // A time-out of a socket looks like an interruption
    boolean told =
        e instanceof ClosedByInterruptException
            || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException));
    if (told || (e instanceof IOException && Thread.currentThread().isInterrupted())) {
      boolean _ = Thread.interrupted();
      InterruptedException interruption = new InterruptedException();
      interruption.initCause(e);
      throw interruption;
    }
  }
}
