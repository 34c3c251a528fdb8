package dev.slipway.runlog;

import dev.slipway.secret.Redactor;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The last lines of an output that has no log of its own: redacted as the lines of a log are, and
 * without anything that a terminal would act on. A line is kept whole or not at all, so that no
 * secret loses its beginning before it is known for one. Not safe for use by several threads.
 */
public final class LastLines {
  private static final int KEPT = 32 * 1024;

  private final Redactor redactor;
  private final LineAssembler output;
  private final Deque<String> lines = new ArrayDeque<>();
  private int size;

  /** None so far. */
  public LastLines(Redactor redactor) {
    this.redactor = redactor;
    this.output = new LineAssembler(redactor, this::keep);
  }

  /** Adds a line that is whole. */
  public void say(String line) {
    output.flush();
    keep(redactor.redact(line).text());
  }

  /** Adds output as it came: any bytes, cut anywhere. */
  public void output(byte[] bytes, int offset, int length) {
    output.write(bytes, offset, length);
  }

  private void keep(String line) {
    String plain = line.replaceAll("\u001b\\[[0-9;:]*m", "");
    lines.addLast(plain);
    size += plain.length() + 1;
    while (size > KEPT && lines.size() > 1) {
      size -= lines.removeFirst().length() + 1;
    }
  }

  /** About 32,000 characters of them; for the end of the output, as half a line ends here. */
  public String text() {
    output.flush();
    return String.join("\n", lines);
  }
}
