package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a script tells, between what the server says. */
class ScriptReplyTest {
  @Test
  void what_is_not_ours_is_told_whole_so_that_its_secrets_are_recognised() {
    String banner = "x".repeat(290) + "hunter22-and-more";
    Redactor redactor = new Redactor(List.of(new Secret("hunter22-and-more")));

    String stray = ScriptReply.of("\nn0nce hello\n" + banner + "\nmore", "n0nce").stray();

    assertThat(redactor.redact(stray).text()).isEqualTo("x".repeat(290) + "***");
  }

  @Test
  void a_reply_of_our_own_lines_gives_no_reason() {
    assertThat(ScriptReply.of("n0nce hello\n\nn0nce exit 0\n", "n0nce").stray())
        .isEqualTo("no reason given");
  }
}
