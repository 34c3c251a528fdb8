package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KillScriptTest {
  @Test
  void a_group_is_there_until_its_last_process_was_waited_for() throws Exception {
    Process group = new ProcessBuilder("setsid", "cat").start();
    group.getOutputStream().write('x');
    group.getOutputStream().flush();
    // It answers, so it leads its group by now
    assertThat(group.getInputStream().read()).isEqualTo('x');
    assertThat(KillScript.findsNobody(group.pid())).isFalse();
    group.getOutputStream().close();
    group.waitFor();
    assertThat(KillScript.findsNobody(group.pid())).isTrue();
  }

  @Test
  void a_number_that_no_process_can_have_has_no_group() {
    assertThat(KillScript.findsNobody(999_999_999_999L)).isTrue();
  }
}
