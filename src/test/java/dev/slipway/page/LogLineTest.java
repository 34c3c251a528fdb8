package dev.slipway.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogLineTest {
  private static final String T = "2026-11-21T05:00:00.123Z";

  @Test
  void a_line_has_its_time_and_its_text() {
    LogLine line = only(T + " building\n");

    assertThat(line.at()).isEqualTo(T);
    assertThat(line.clock()).isEqualTo("05:00:00");
    assertThat(line.own()).isFalse();
    assertThat(line.segments()).containsExactly(new LogSegment("building", ""));
  }

  @Test
  void what_slipway_tells_is_known_by_its_mark() {
    LogLine line = only(T + " ▸ shell accepted\n");

    assertThat(line.own()).isTrue();
    assertThat(line.segments()).containsExactly(new LogSegment("shell accepted", ""));
    assertThat(only(T + " x ▸ y\n").own()).isFalse();
  }

  @Test
  void an_empty_line_stays_a_line() {
    assertThat(only(T + " \n")).isEqualTo(new LogLine(T, false, List.of()));
  }

  @Test
  void a_line_without_a_time_is_shown_all_the_same() {
    assertThat(only("half a line"))
        .isEqualTo(new LogLine("", false, List.of(new LogSegment("half a line", ""))));
    assertThat(only("half a line").clock()).isEmpty();
  }

  @Test
  void colours_end_with_their_line() {
    List<LogLine> lines = LogLine.of(T + " \u001b[31mred\n" + T + " plain\n");

    assertThat(lines.get(0).segments()).containsExactly(new LogSegment("red", "fg1"));
    assertThat(lines.get(1).segments()).containsExactly(new LogSegment("plain", ""));
  }

  private static LogLine only(String text) {
    List<LogLine> lines = LogLine.of(text);
    assertThat(lines).hasSize(1);
    return lines.getFirst();
  }
}
