package dev.slipway.app;

/** The port cannot be listened on. */
final class PortTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PortTakenException(int port, Throwable cause) {
    super(
        "port "
            + port
            + " cannot be listened on ("
            + cause.getMessage()
            + "); change PORT or SLIPWAY_BIND",
        cause);
  }
}
