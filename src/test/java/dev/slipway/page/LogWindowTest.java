package dev.slipway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.Logs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogWindowTest {
  private final StoredPage kept = new StoredPage();

  @AfterEach
  void close() {
    kept.close();
  }

  private Logs.Piece tail(long before, int limit) {
    return LogWindow.tail(kept.log, kept.id, before, limit);
  }

  private static int size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Test
  void a_short_log_is_shown_whole() {
    kept.writes("one\n").writes("two\n");

    assertThat(tail(8, 100)).isEqualTo(new Logs.Piece(0, "one\ntwo\n", 8));
  }

  @Test
  void an_empty_log_is_an_empty_window() {
    assertThat(tail(0, 100)).isEqualTo(new Logs.Piece(0, "", 0));
  }

  @Test
  void a_window_begins_with_a_line() {
    kept.writes("one\ntwo\nthree\n");

    assertThat(tail(14, 8)).isEqualTo(new Logs.Piece(8, "three\n", 14));
  }

  @Test
  void a_window_ends_where_it_should_in_the_middle_of_a_chunk() {
    kept.writes("one\ntwo\nthree\n");

    assertThat(tail(8, 100)).isEqualTo(new Logs.Piece(0, "one\ntwo\n", 8));
  }

  @Test
  void windows_meet_wherever_they_cut_a_character() {
    String text = "ä€🚀1\nü€🚀2\nö€🚀3\nß€🚀4\n".repeat(9);
    kept.writes(text.substring(0, 40)).writes(text.substring(40));
    for (int limit = size("ä€🚀1\n") + 1; limit < 60; limit++) {
      StringBuilder whole = new StringBuilder();
      long before = size(text);
      while (before > 0) {
        Logs.Piece piece = tail(before, limit);
        assertThat(piece.next()).isEqualTo(before);
        assertThat(size(piece.text())).isEqualTo((int) (piece.next() - piece.start()));
        assertThat(piece.start()).isLessThan(before);
        whole.insert(0, piece.text());
        before = piece.start();
      }
      assertThat(whole.toString()).as("limit " + limit).isEqualTo(text);
    }
  }

  @Test
  void an_offset_beyond_the_log_shows_nothing_wrong() {
    kept.writes("one\n");

    assertThat(tail(Long.MAX_VALUE, 100).text()).isEmpty();
  }

  @Test
  void the_whole_log_comes_in_pieces_without_colours() {
    String line = "\u001b[1;31m" + "x".repeat(1000) + "\u001b[m €\n";
    for (int i = 0; i < 600; i++) {
      kept.writes(line);
    }

    List<String> pieces =
        Objects.requireNonNull(LogWindow.all(kept.log, kept.id).collectList().block());

    assertThat(pieces).hasSizeGreaterThan(1);
    assertThat(String.join("", pieces)).isEqualTo(("x".repeat(1000) + " €\n").repeat(600));
  }
}
