package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.StopResult;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands that run as somebody else than Slipway. */
class ShellUserTest extends ShellFixture {
  @BeforeEach
  void only_root_becomes_somebody_else() throws Exception {
    Assumptions.assumeTrue(
        CommandUser.problemWith("nobody", runs).isEmpty(),
        () -> "DEPLOY_CMD_USER=nobody " + CommandUser.problemWith("nobody", runs).orElseThrow());
  }

  private Shell as_nobody(String command) {
    return shell(command, Map.of(), "nobody");
  }

  private Optional<String> problem(@Nullable String user) {
    return Shell.problemWithUser(
        new ShellConfig("exit 0", work, runs, user, Map.of(), LONG, Duration.ofHours(1), LIMITS));
  }

  @Test
  void the_command_has_the_other_users_rights_and_home() throws Exception {
    end(
        as_nobody("id -un; id -gn; echo $USER $LOGNAME $HOME; pwd; cat /proc/self/status"),
        Attempts.plain());
    String home = CommandUser.named("nobody").orElseThrow().home();
    assertThat(log.text())
        .startsWith("nobody\nnogroup\nnobody nobody " + home + "\n" + work.toRealPath() + "\n")
        .containsPattern("CapPrm:\\s+0+\n")
        .containsPattern("CapAmb:\\s+0+\n");
  }

  @Test
  void it_answers_and_reads_what_it_is_given() throws Exception {
    String payload = "{\"x\":\"" + "y".repeat(300_000) + "\"}";
    End end =
        end(
            as_nobody(
                "wc -c <$SLIPWAY_PAYLOAD_FILE; echo reopened >>/dev/stderr;"
                    + " echo environment_url=https://app.example/ >>$SLIPWAY_OUTPUT;"
                    + " echo description=Live >>$SLIPWAY_OUTPUT"),
            Attempts.hostile("main", payload));
    assertThat(end).isEqualTo(new End.Succeeded(URI.create("https://app.example/"), "Live"));
    assertThat(log.text().strip()).isEqualTo(payload.length() + "\nreopened");
  }

  @Test
  void it_can_neither_read_nor_change_anything_else_of_ours() throws Exception {
    Files.writeString(home.resolve("slipway.db"), "geheim");
    Files.setPosixFilePermissions(
        home.resolve("slipway.db"), PosixFilePermissions.fromString("rw-------"));
    End end =
        end(
            as_nobody(
                "d=${SLIPWAY_OUTPUT%/*}; for f in $d $d/.. $d/../..; do ls $f && echo listed $f;"
                    + " touch $f/new && echo made $f; done; for f in pid claim"
                    + " ../../slipway.db; do cat $d/$f && echo read $f; done;"
                    + " mv $SLIPWAY_OUTPUT $d/x && echo moved; rm $SLIPWAY_OUTPUT && echo removed;"
                    + " echo x >$SLIPWAY_PAYLOAD_FILE && echo wrote; cat /proc/$PPID/environ >&2;"
                    + " exit 7"),
            Attempts.plain());
    assertThat(end).isEqualTo(new End.Failed("Command exited with 7"));
    assertThat(log.text())
        .contains("Permission denied")
        .doesNotContain("listed", "made", "read ", "moved", "removed", "wrote", "geheim");
  }

  @Test
  void it_is_stopped_with_all_that_it_started() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = as_nobody("sleep 600 & echo $!; trap '' TERM; while :; do sleep 1; done");
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "\n");
    assertThat(shell.stop(attempt, id, log))
        .isEqualTo(new StopResult.Done("the command was stopped"));
    assertThat(is_alive(Long.parseLong(log.text().strip()))).isFalse();
  }

  @Test
  void variables_that_are_named_win() throws Exception {
    end(shell("echo $HOME", Map.of("HOME", new Secret("/srv")), "nobody"), Attempts.plain());
    assertThat(log.text()).isEqualTo("/srv\n");
  }

  @Test
  void what_cannot_be_is_a_problem_that_says_what_to_do() throws Exception {
    assertThat(problem(null)).isEmpty();
    assertThat(problem("no-such-user"))
        .hasValueSatisfying(it -> assertThat(it).contains("no user"));
    assertThat(problem("-x; id")).hasValueSatisfying(it -> assertThat(it).contains("no user"));
    assertThat(problem(System.getProperty("user.name")))
        .hasValueSatisfying(it -> assertThat(it).contains("who Slipway runs as"));
    runs = Files.createDirectory(home.resolve("locked")).resolve("data").resolve("runs");
    Files.setPosixFilePermissions(
        home.resolve("locked"), PosixFilePermissions.fromString("rwx------"));
    assertThat(problem("nobody"))
        .hasValueSatisfying(it -> assertThat(it).contains("cannot pass through", "chmod o+x"));
  }
}
