package dev.slipway.targets.command;

import java.util.List;
import java.util.Optional;

/**
 * What a script told us: the lines behind the nonce. Anything else on its stderr comes from the
 * server, its login shell or its banner.
 */
record ScriptReply(List<String> lines, String nonce) {
  static ScriptReply of(String text, String nonce) {
    // What greets without an end of line stands before the nonce
    return new ScriptReply(
        text.replaceAll("(?<=[^\n])(?=" + nonce + " )", "\n").lines().toList(), nonce);
  }

  /** What follows a word, such as the code behind {@code exit}; empty when it was not said. */
  Optional<String> after(String word) {
    String start = nonce + " " + word;
    return lines.stream()
        .filter(line -> line.equals(start) || line.startsWith(start + " "))
        .map(line -> line.substring(start.length()).strip())
        .findFirst();
  }

  boolean said(String word) {
    return after(word).isPresent();
  }

  Optional<Long> number(String word) {
    return after(word).filter(text -> text.matches("\\d{1,18}")).map(Long::valueOf);
  }

  /** The lines between {@code answer} and {@code done}. */
  String answer() {
    int from = lines.indexOf(nonce + " answer");
    int to = lines.indexOf(nonce + " done");
    return from < 0 || to < from ? "" : String.join("\n", lines.subList(from + 1, to));
  }

  /** The first line that is not ours, whole: a secret could not be recognised in half of it. */
  String stray() {
    return lines.stream()
        .filter(line -> !line.startsWith(nonce) && !line.isBlank())
        .findFirst()
        .orElse("no reason given");
  }
}
