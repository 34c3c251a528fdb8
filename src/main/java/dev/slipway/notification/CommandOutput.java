package dev.slipway.notification;

import dev.slipway.targets.AttemptLog;
import java.nio.charset.StandardCharsets;

/** The end of what a command wrote, before it is redacted. */
final class CommandOutput implements AttemptLog {
  private static final int KEPT = 32 * 1024;

  private byte[] bytes = new byte[0];

  @Override
  public void log(String line) {
    byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
    output(text, 0, text.length);
  }

  @Override
  public void output(byte[] added, int offset, int length) {
    int taken = Math.min(length, KEPT);
    int kept = Math.min(bytes.length, KEPT - taken);
    byte[] next = new byte[kept + taken];
    System.arraycopy(bytes, bytes.length - kept, next, 0, kept);
    System.arraycopy(added, offset + length - taken, next, kept, taken);
    bytes = next;
  }

  String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
