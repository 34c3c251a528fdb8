package dev.slipway.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process at once. A thread that everything else relies on, and that is gone, is worse
 * than a process that is gone: the one looks well, the other is started again and goes on from its
 * rows.
 */
public final class Halt {
  /** The exit code; sysexits.h calls it an internal software error. */
  public static final int EXIT_CODE = 70;

  private static final Logger LOG = LoggerFactory.getLogger(Halt.class);

  private Halt() {}

  /** Whether the machine or the program itself broke, so that no code after it can be trusted. */
  public static boolean isFatal(Throwable thrown) {
    return thrown instanceof VirtualMachineError || thrown instanceof LinkageError;
  }

  /** Ends the process if the error {@linkplain #isFatal is fatal}; returns otherwise. */
  public static void ifFatal(String where, Throwable thrown) {
    if (isFatal(thrown)) {
      now(where, thrown);
    }
  }

  /**
   * Says why and ends the process with {@link #EXIT_CODE}. No shutdown hook runs: a graceful stop
   * would wait for what is broken.
   *
   * @param where what ended, for people: "the queue loop"
   */
  public static void now(String where, Throwable thrown) {
    try {
      LOG.error(
          "Slipway ends: {} broke. Start it again; it goes on from its database", where, thrown);
    } finally {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
