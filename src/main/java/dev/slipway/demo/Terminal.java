package dev.slipway.demo;

import java.io.PrintStream;

/**
 * Prints the story, in colours or without.
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
  void print(String indent, String text, TerminalStyle style) {
    String line =
        text.codePoints()
            .map(TerminalRow::harmless)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    out.println(indent + (colours ? style.paint(line) : line));
    out.flush();
  }
}
