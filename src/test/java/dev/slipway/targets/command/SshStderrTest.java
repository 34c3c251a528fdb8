package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.server.Await;
import dev.slipway.targets.Launches;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that lose, merge or flood what the script says on stderr. */
class SshStderrTest extends SshFixture {
  private StartAnswer start(String prelude) throws Exception {
    server.prelude(prelude);
    ssh("touch $HOME/it-ran");
    return Launches.launch(ssh, Attempts.plain());
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec 2>&1", "exec 2>/dev/null"})
  void a_command_whose_start_cannot_be_heard_of_is_in_doubt(String prelude) throws Exception {
    assertThat(start(prelude)).isInstanceOf(Verdict.Unknown.class);

    Await.holds("the command ran", () -> Files.exists(home.resolve("it-ran")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "head -c 400000 /dev/zero | tr \"\\0\" x >&2",
        "printf \"Welcome> \" >&2",
        "yes welcome | head -c 400000 >&2"
      })
  void a_greeting_hides_no_start(String prelude) throws Exception {
    assertThat(start(prelude)).isInstanceOf(Verdict.Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec 2>&-", "echo no commands here >&2; exit 1", "exit 127"})
  void where_nothing_can_have_started_the_target_refuses(String prelude) throws Exception {
    assertThat(start(prelude)).isInstanceOf(Verdict.Refused.class);

    assertThat(home.resolve("it-ran")).doesNotExist();
  }
}
