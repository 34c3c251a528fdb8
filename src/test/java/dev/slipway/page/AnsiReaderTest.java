package dev.slipway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.page.AnsiReader.Line;
import dev.slipway.page.AnsiReader.Segment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnsiReaderTest {
  private static final String ESC = "\u001b";

  @Test
  void a_plain_line_is_one_segment_and_an_empty_one_is_none() {
    assertThat(parse("plain").segments()).containsExactly(new Segment("plain", ""));
    assertThat(parse("").segments()).isEmpty();
    assertThat(parse(ESC + "[1m" + ESC + "[m").segments()).isEmpty();
  }

  @Test
  void codes_part_a_line_into_segments() {
    assertThat(parse("a" + ESC + "[1;31mb" + ESC + "[44mc" + ESC + "[0md").segments())
        .containsExactly(
            new Segment("a", ""),
            new Segment("b", "b fg1"),
            new Segment("c", "b fg1 bg4"),
            new Segment("d", ""));
  }

  @Test
  void neighbours_in_the_same_style_are_one_segment() {
    assertThat(parse("a" + ESC + "[39mb" + ESC + "[31m" + ESC + "[mc").segments())
        .containsExactly(new Segment("abc", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1;2;3;4;9 | b d i u s",
        "21 | u",
        "4:3 | u",
        "1;2;22 | ''",
        "3;4;7;9;23;24;27;29 | ''",
        "4;4:0 | ''",
        "30;40 | fg0 bg0",
        "37;47 | fg7 bg7",
        "90;100 | fg8 bg8",
        "97;107 | fg15 bg15",
        "31;41;39;49 | ''",
        "31;41;0 | ''",
        "31; | ''",
        "7 | v",
        "31;7 | v bg1",
        "41;7 | v fg1",
        "31;42;7 | v fg2 bg1",
        "31;42;7;27 | fg1 bg2",
        "38;5;1 | fg1",
        "38;5;11 | fg11",
        "38;5;208;1 | b fg11",
        "38;5;210 | fg9",
        "48;5;244 | bg8",
        "38;5;16 | fg0",
        "38;5;231 | fg15",
        "38;2;255;0;0 | fg9",
        "38;2;10;120;20;4 | u fg2",
        "48;2;;;200 | bg4",
        "38:5:4 | fg4",
        "38:2::255:255:0 | fg11",
        "38:2:0:255:255;1 | b fg14",
        "58;5;1;32 | fg2",
      })
  void knows_the_codes_of_terminals(String codes, String classes) {
    assertThat(parse(ESC + "[" + codes + "mx").segments())
        .containsExactly(new Segment("x", classes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5",
        "8",
        "38",
        "48",
        "55",
        "108",
        "1000",
        "99999999999",
        "38;5",
        "38;5;256",
        "38;2;1;2",
        "38;2;1;2;300",
        "38;9;1",
        "38:5",
        "38:2:1",
        "38:x",
        "::::",
        "38;5;1:2"
      })
  void ignores_what_it_does_not_know(String codes) {
    String classes = parse(ESC + "[" + codes + "mx").segments().getFirst().classes();

    assertThat(classes).isIn("", "b");
  }

  @Test
  void an_escape_character_of_something_else_is_dropped() {
    assertThat(parse("a" + ESC + "[2Kb" + ESC).segments())
        .containsExactly(new Segment("a[2Kb", ""));
  }

  @Test
  void the_style_can_be_carried_to_the_next_line() {
    Line first = parse(ESC + "[31;1mred");

    assertThat(AnsiReader.parse("still" + ESC + "[22m red", first.carry()).segments())
        .containsExactly(new Segment("still", "b fg1"), new Segment(" red", "fg1"));
    assertThat(parse("x").segments()).containsExactly(new Segment("x", ""));
  }

  @Test
  void no_line_loses_text_or_breaks_it() {
    Random random = new Random(5);
    String[] parts = {ESC + "[", ESC + "[1m", "m", ";", ":", "38", "5", "2", "text", "é", "<b>"};
    for (int round = 0; round < 20_000; round++) {
      StringBuilder line = new StringBuilder();
      for (int i = random.nextInt(30); i > 0; i--) {
        line.append(parts[random.nextInt(parts.length)]);
      }

      StringBuilder text = new StringBuilder();
      parse(line.toString()).segments().forEach(segment -> text.append(segment.text()));

      assertThat(text.toString())
          .isEqualTo(line.toString().replaceAll(ESC + "\\[[0-9;:]*m", "").replace(ESC, ""));
    }
  }

  private static Line parse(String line) {
    return AnsiReader.parse(line, TextStyle.PLAIN);
  }
}
