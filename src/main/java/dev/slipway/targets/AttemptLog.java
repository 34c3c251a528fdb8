package dev.slipway.targets;

/**
 * What a target has of the run that it works for: where it writes what an operator should read, and
 * the leave to start. Lines go up without an import going up.
 */
public interface AttemptLog {
  /** One line of Slipway's own telling, such as "Render: build_in_progress". */
  void log(String line);

  /**
   * Output of a command or of a provider's build, exactly as it came: any bytes, cut anywhere, in
   * their order. What arrives here is redacted and made safe before it is kept.
   */
  void output(byte[] bytes, int offset, int length);

  /**
   * Asks for leave to send the one request that starts the deploy, right before it is sent. Whoever
   * was frozen for a while may find that another worker has the run by now.
   *
   * @throws InterruptedException when the run is no longer ours; the request must not be sent
   */
  default void confirm() throws InterruptedException {}
}
