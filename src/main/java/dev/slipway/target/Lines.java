package dev.slipway.target;

/** Where a target writes what an operator should read. Lines go up without an import going up. */
public interface Lines {
  /** One line of Slipway's own telling, such as "Render: build_in_progress". */
  void say(String line);

  /**
   * Output of a command or of a provider's build, exactly as it came: any bytes, cut anywhere, in
   * their order. What arrives here is redacted and made safe before it is kept.
   */
  void output(byte[] bytes, int offset, int length);
}
