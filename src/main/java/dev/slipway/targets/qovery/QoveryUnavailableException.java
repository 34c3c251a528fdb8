package dev.slipway.targets.qovery;

import java.time.Duration;

/**
 * Qovery could not be read just now. Ends a look that takes several calls at the call that failed;
 * never leaves this package.
 */
final class QoveryUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final Duration again;

  QoveryUnavailableException(String reason, Duration again) {
    super(reason, null, false, false);
    this.reason = reason;
    this.again = again;
  }

  String reason() {
    return reason;
  }

  Duration again() {
    return again;
  }
}
