package dev.slipway.demo;

import java.io.PrintStream;

/**
 * Where the story is told.
 *
 * @param out has to write UTF-8
 * @param colours whether it understands colours
 */
public record Terminal(PrintStream out, boolean colours) {
  void print(TerminalRow row) {
    out.println(row.text(colours));
    out.flush();
  }

  /** A line that is shown whole, however wide it is. */
  void print(String indent, String text, TerminalStyle ink) {
    String line =
        text.codePoints()
            .map(Terminal::harmless)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    out.println(indent + (colours ? ink.paint(line) : line));
    out.flush();
  }

  /** What the servers were sent may hold sequences that would steer the terminal. */
  static int harmless(int point) {
    return Character.isISOControl(point) ? ' ' : point;
  }
}
