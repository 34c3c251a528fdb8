package dev.slipway.targets.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the lines that {@code decode.sh} reads. A line is printable ASCII: every other byte, and
 * the backslash, goes as {@code \0ooo}, whatever locale either side runs in.
 */
final class StdinEncoder {
  private static final int PIECE = 16 * 1024;

  private final OutputStream out;

  StdinEncoder(OutputStream out) {
    this.out = out;
  }

  void variable(String name, String value) throws IOException {
    line(name + "=", value.getBytes(StandardCharsets.UTF_8));
  }

  void command(String command) throws IOException {
    line(":", command.getBytes(StandardCharsets.UTF_8));
  }

  void payload(String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    // At least one piece, for the file has to exist
    int from = 0;
    do {
      int to = Math.min(payload.length, from + PIECE);
      line("+", Arrays.copyOfRange(payload, from, to));
      from = to;
    } while (from < payload.length);
  }

  /** Says that nothing is missing; without it nothing starts. */
  void end() throws IOException {
    line(".", new byte[0]);
    out.flush();
  }

  private void line(String start, byte[] bytes) throws IOException {
    StringBuilder line = new StringBuilder(start.length() + bytes.length + 16).append(start);
    for (byte b : bytes) {
      if (b >= ' ' && b <= '~' && b != '\\') {
        line.append((char) b);
      } else {
        int code = b & 0xFF;
        line.append("\\0").append(code >> 6).append(code >> 3 & 7).append(code & 7);
      }
    }
    out.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
  }
}
