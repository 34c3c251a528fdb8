package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SkippedTestsTest {
  @Test
  void every_reason_is_told_once_with_its_tests() {
    assertThat(
            SkipSummary.told(
                List.of(
                    "2\tno browser\t[class:A]",
                    "1\tthere is no /usr/sbin/sshd\t[class:B]/[method:b()]",
                    "3\tno browser\t[class:C]",
                    "2\tno browser\t[class:A]")))
        .containsExactly("Skipped 6 tests:", "  5: no browser", "  1: there is no /usr/sbin/sshd");
  }

  @Test
  void nothing_skipped_is_said_too() {
    assertThat(SkipSummary.told(List.of())).containsExactly("No tests were skipped.");
  }
}
