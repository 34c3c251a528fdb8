package dev.slipway.web;

/** The port cannot be listened on. */
public final class PortInUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PortInUseException(int port, Throwable cause) {
    super(
        "port "
            + port
            + " cannot be listened on ("
            + cause.getMessage()
            + "); change PORT or SLIPWAY_BIND",
        cause);
  }
}
