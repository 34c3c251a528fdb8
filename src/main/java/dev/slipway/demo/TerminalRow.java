package dev.slipway.demo;

import java.util.Arrays;

/** One line of the terminal, written piece by piece at columns; later pieces cover earlier ones. */
final class TerminalRow {
  static final int WIDTH = 100;

  private final int[] points = new int[WIDTH];
  private final TerminalStyle[] inks = new TerminalStyle[WIDTH];

  TerminalRow() {
    Arrays.fill(points, ' ');
    Arrays.fill(inks, TerminalStyle.PLAIN);
  }

  /** Writes from a column on; what does not fit on the line is left out. */
  TerminalRow put(int column, String text, TerminalStyle style) {
    int at = column;
    for (int point : text.codePoints().toArray()) {
      if (at >= 0 && at < WIDTH) {
        points[at] = harmless(point);
        inks[at] = style;
      }
      at++;
    }
    return this;
  }

  /** Removes control sequences: what the servers received could steer the terminal. */
  static int harmless(int point) {
    return Character.isISOControl(point) ? ' ' : point;
  }

  String text(boolean colours) {
    int end = WIDTH;
    while (end > 0 && points[end - 1] == ' ') {
      end--;
    }
    StringBuilder line = new StringBuilder();
    for (int from = 0, to; from < end; from = to) {
      to = from + 1;
      while (to < end && inks[to] == inks[from]) {
        to++;
      }
      String run = new String(points, from, to - from);
      line.append(colours ? inks[from].paint(run) : run);
    }
    return line.toString();
  }
}
