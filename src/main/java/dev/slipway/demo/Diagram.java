package dev.slipway.demo;

import dev.slipway.model.CleanText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws a sequence diagram line by line, as things happen. */
final class Diagram {
  private static final int LONGEST_LABEL = 17;
  private static final int MOST_NOTE_LINES = 2;

  private final Terminal terminal;

  Diagram(Terminal terminal) {
    this.terminal = terminal;
  }

  /** A message: its label on the arrow, and a note after it. */
  record Message(String label, TerminalStyle style, String note) {}

  /** Prints a text, broken between words where it is too long. */
  void text(int column, String text, TerminalStyle style) {
    for (String line : wrapped(text, room(column))) {
      terminal.print(" ".repeat(column), line, style);
    }
  }

  void blank() {
    terminal.print(new TerminalRow());
  }

  /** Prints a line across with a title in it. */
  void title(String title) {
    blank();
    String shown = " " + title + " ";
    terminal.print(
        new TerminalRow()
            .put(0, "─".repeat(TerminalRow.WIDTH), TerminalStyle.FAINT)
            .put(3, shown, TerminalStyle.BOLD));
  }

  /** Prints the names over the lifelines. */
  void header(String provider) {
    TerminalRow names = new TerminalRow();
    name(names, Participant.TOOLING, "Tooling");
    name(names, Participant.GITHUB, "GitHub");
    name(names, Participant.SLIPWAY, "Slipway");
    name(names, Participant.PROVIDER, provider);
    terminal.print(names);
    terminal.print(lifelines());
  }

  private static void name(TerminalRow row, Participant lane, String name) {
    row.put(lane.column - name.length() / 2, name, TerminalStyle.BOLD);
  }

  /** Draws a message from one to another. */
  void arrow(double seconds, Participant from, Participant to, Message message) {
    TerminalRow row = timed(seconds);
    int left = Math.min(from.column, to.column);
    int right = Math.max(from.column, to.column);
    row.put(left + 1, "─".repeat(right - left - 1), TerminalStyle.FAINT);
    boolean rightwards = from.column < to.column;
    row.put(rightwards ? right - 1 : left + 1, rightwards ? "▸" : "◂", TerminalStyle.PLAIN);
    row.put(from.column, rightwards ? "├" : "┤", TerminalStyle.FAINT);
    String label = " " + CleanText.cut(message.label(), LONGEST_LABEL) + " ";
    row.put((left + right + 1 - CleanText.length(label)) / 2, label, message.style());
    withNote(row, right + 2, message.note());
  }

  /** Draws a deploy's new state. */
  void stateChange(double seconds, String what, TerminalStyle style) {
    int column = Participant.PROVIDER.column;
    terminal.print(
        timed(seconds)
            .put(column, "●", style)
            .put(column + 2, CleanText.cut(what, room(column + 2)), style));
  }

  private void withNote(TerminalRow first, int column, String note) {
    List<String> lines = shortened(wrapped(note, room(column)), room(column));
    TerminalRow row = first;
    for (String line : lines) {
      terminal.print(row.put(column, line, TerminalStyle.FAINT));
      row = lifelines();
    }
    if (lines.isEmpty()) {
      terminal.print(first);
    }
  }

  private static TerminalRow timed(double seconds) {
    return lifelines().put(0, String.format(Locale.ROOT, "%+6.1f s", seconds), TerminalStyle.FAINT);
  }

  private static TerminalRow lifelines() {
    TerminalRow row = new TerminalRow();
    for (Participant lane : Participant.values()) {
      row.put(lane.column, "│", TerminalStyle.FAINT);
    }
    return row;
  }

  private static int room(int column) {
    return TerminalRow.WIDTH - column;
  }

  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && CleanText.length(line) + 1 + CleanText.length(word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    return lines;
  }

  private static List<String> shortened(List<String> lines, int width) {
    List<String> first = new ArrayList<>(lines.stream().limit(MOST_NOTE_LINES).toList());
    if (first.size() < lines.size()) {
      first.add(first.removeLast() + "…");
    }
    return first.stream().map(line -> CleanText.cut(line, width)).toList();
  }
}
