package dev.slipway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagramTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Diagram diagram(boolean colours) {
    return new Diagram(
        new Terminal(new PrintStream(bytes, false, StandardCharsets.UTF_8), colours));
  }

  private List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void an_arrow_goes_from_one_lifeline_to_the_other() {
    diagram(false)
        .arrow(
            1.24,
            Participant.GITHUB,
            Participant.SLIPWAY,
            new Diagram.Message("deployment event", TerminalStyle.PLAIN, "signed"));

    assertThat(lines())
        .containsExactly(
            "  +1.2 s  │                      ├── deployment event ─▸│ signed               │");
  }

  @Test
  void an_arrow_back_points_back() {
    diagram(false)
        .arrow(
            0,
            Participant.SLIPWAY,
            Participant.GITHUB,
            new Diagram.Message("success", TerminalStyle.GREEN, ""));

    assertThat(lines())
        .containsExactly(
            "  +0.0 s  │                      │◂───── success ───────┤                      │");
  }

  @Test
  void long_labels_and_notes_are_cut_at_the_width() {
    diagram(false)
        .arrow(
            123.4,
            Participant.SLIPWAY,
            Participant.GITHUB,
            new Diagram.Message(
                "a label without end at all", TerminalStyle.PLAIN, "word ".repeat(60)));

    assertThat(lines()).hasSize(2).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
    assertThat(lines().getFirst()).contains("a label without…");
    assertThat(lines().getLast()).endsWith("…").startsWith("          │");
  }

  @Test
  void what_was_sent_cannot_steer_the_terminal() {
    diagram(true).stateChange(0, "\u001B]0;evil\u0007\r\n", TerminalStyle.PLAIN);
    diagram(true).text(0, "\u001B]0;evil\u0007", TerminalStyle.PLAIN);

    assertThat(lines()).hasSize(2);
    assertThat(bytes.toString(StandardCharsets.UTF_8)).doesNotContain("\u001B]", "\u0007");
  }

  @Test
  void a_text_is_broken_between_words_but_never_cut() {
    String link = "http://127.0.0.1:8080/" + "k".repeat(100);
    diagram(false).text(4, "✘ " + "word ".repeat(30) + link, TerminalStyle.RED);

    assertThat(lines()).hasSize(3);
    assertThat(lines().getFirst()).startsWith("    ✘ word").hasSizeLessThan(101);
    assertThat(lines().getLast()).isEqualTo("    " + link);
  }

  @Test
  void colours_are_shown_only_where_they_are_understood() {
    diagram(true).text(0, "good", TerminalStyle.GREEN);
    diagram(false).text(0, "good", TerminalStyle.GREEN);

    assertThat(lines()).containsExactly("\u001B[32mgood\u001B[0m", "good");
  }

  @Test
  void every_state_of_github_has_its_colour() {
    assertThat(TerminalStyle.ofState("success")).isEqualTo(TerminalStyle.GREEN);
    assertThat(TerminalStyle.ofState("failure")).isEqualTo(TerminalStyle.RED);
    assertThat(TerminalStyle.ofState("error")).isEqualTo(TerminalStyle.RED);
    assertThat(TerminalStyle.ofState("in_progress")).isEqualTo(TerminalStyle.YELLOW);
    assertThat(TerminalStyle.ofState("inactive")).isEqualTo(TerminalStyle.PLAIN);
  }
}
