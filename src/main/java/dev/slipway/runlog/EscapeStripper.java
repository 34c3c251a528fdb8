package dev.slipway.runlog;

/**
 * Removes from a stream of characters all that a terminal would act on: escape sequences, control
 * characters, and characters that reorder text. Only SGR codes (colours, bold …) are passed on. A
 * sequence may be split anywhere. One that does not end is given up at the end of its line, or
 * after 4,096 characters.
 */
final class EscapeStripper {
  private static final char ESC = '\u001b';
  private static final char CAN = '\u0018';
  private static final char SUB = '\u001a';
  private static final int LONGEST_SEQUENCE = 4096;
  private static final int LONGEST_CODE = 64;

  private enum State {
    TEXT,
    ESCAPE,
    ESCAPE_INTERMEDIATE,
    CONTROL_SEQUENCE,
    STRING,
    STRING_ESCAPE
  }

  private final OpenLine line;
  private final StringBuilder parameters = new StringBuilder();
  private State state = State.TEXT;
  private int length;

  EscapeStripper(OpenLine line) {
    this.line = line;
  }

  /** Whether no sequence is open. */
  boolean isInText() {
    return state == State.TEXT;
  }

  /** Whether it goes into the line as it is, where no sequence is open. */
  static boolean isPlain(char c) {
    return c >= ' ' && c <= '~';
  }

  void accept(char c) {
    switch (state) {
      case TEXT -> text(c);
      case ESCAPE -> escape(c);
      case ESCAPE_INTERMEDIATE -> intermediate(c);
      case CONTROL_SEQUENCE -> controlSequence(c);
      case STRING -> string(c);
      case STRING_ESCAPE -> stringEscape(c);
    }
  }

  /** Forgets an unfinished sequence. */
  void reset() {
    state = State.TEXT;
  }

  private void text(char c) {
    state = State.TEXT;
    if (isPlain(c)) {
      line.put(c);
      return;
    }
    switch (c) {
      case '\n' -> line.end();
      case '\r' -> line.carriageReturn();
      case '\t' -> line.put(c);
      case ESC -> begin(State.ESCAPE);
      case '\u009b' -> begin(State.CONTROL_SEQUENCE);
      case '\u0090', '\u0098', '\u009d', '\u009e', '\u009f' -> begin(State.STRING);
      case '\u000b', '\f', '\u0085', '\u2028', '\u2029' -> line.put(' ');
      default -> {
        if (c > '\u009f' && !reorders(c)) {
          line.put(c);
        }
      }
    }
  }

  private static boolean reorders(char c) {
    return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
  }

  private void begin(State sequence) {
    state = sequence;
    parameters.setLength(0);
    length = 0;
  }

  private void escape(char c) {
    switch (c) {
      case '[' -> begin(State.CONTROL_SEQUENCE);
      case ']', 'P', 'X', '^', '_' -> begin(State.STRING);
      case ESC -> begin(State.ESCAPE);
      default -> {
        if (c >= ' ' && c <= '/') {
          state = State.ESCAPE_INTERMEDIATE;
        } else if (c >= '0' && c <= '~') {
          state = State.TEXT;
        } else {
          text(c);
        }
      }
    }
  }

  private void intermediate(char c) {
    if (c < ' ' || c > '~' || ++length > LONGEST_SEQUENCE) {
      text(c);
    } else if (c >= '0') {
      state = State.TEXT;
    }
  }

  private void controlSequence(char c) {
    if (c == '\n' || c == '\r' || c == ESC || c > '~' || ++length > LONGEST_SEQUENCE) {
      text(c);
    } else if (c >= '@') {
      state = State.TEXT;
      if (c == 'm' && length <= LONGEST_CODE && onlyNumbers()) {
        line.style(ESC + "[" + parameters + "m");
      }
    } else if (c >= ' ' && length <= LONGEST_CODE) {
      parameters.append(c);
    }
  }

  private boolean onlyNumbers() {
    return parameters.chars().allMatch(c -> c >= '0' && c <= ';');
  }

  private void string(char c) {
    switch (c) {
      case '\u0007', '\u009c', CAN, SUB -> state = State.TEXT;
      case ESC -> state = State.STRING_ESCAPE;
      case '\n', '\r' -> text(c);
      default -> {
        if (++length > LONGEST_SEQUENCE) {
          text(c);
        }
      }
    }
  }

  private void stringEscape(char c) {
    if (c == '\\') {
      state = State.TEXT;
    } else {
      escape(c);
    }
  }
}
