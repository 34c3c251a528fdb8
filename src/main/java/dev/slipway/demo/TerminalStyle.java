package dev.slipway.demo;

/** How a piece of text is shown on a terminal that has colours. */
enum TerminalStyle {
  PLAIN(""),
  FAINT("2"),
  BOLD("1"),
  GREEN("32"),
  RED("31"),
  YELLOW("33"),
  CYAN("36");

  private final String code;

  TerminalStyle(String code) {
    this.code = code;
  }

  String paint(String text) {
    return code.isEmpty() ? text : "\u001B[" + code + "m" + text + "\u001B[0m";
  }

  /** The colour of a state of GitHub's. */
  static TerminalStyle ofState(String state) {
    return switch (state) {
      case "success" -> GREEN;
      case "failure", "error" -> RED;
      case "in_progress", "queued", "pending" -> YELLOW;
      default -> PLAIN;
    };
  }
}
