package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Secret;
import dev.slipway.targets.Fence;
import dev.slipway.targets.Launches;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTest extends ShellFixture {
  @Test
  void a_command_that_ends_well_has_succeeded_and_its_output_is_heard() throws Exception {
    End end = end(shell("echo out; echo err >&2; pwd"), Attempts.plain());
    assertThat(end).isEqualTo(new End.Succeeded(null, "Command finished"));
    assertThat(log.text()).isEqualTo("out\nerr\n" + work.toRealPath() + "\n");
  }

  @Test
  void a_start_is_accepted_with_an_id_that_is_made_of_the_attempt() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("exit 0");
    assertThat(Launches.launch(shell, attempt))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted -> {
              assertThat(accepted.id()).isEqualTo(attempt.deploymentId() + "-1-1795255200123");
              assertThat(accepted.reason()).matches("pid \\d+");
            });
    end(shell, attempt, RunId.of(attempt).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 3                 | Command exited with 3",
        "kill -SEGV $$          | Command was killed by SIGSEGV (exit code 139)",
        "no-such-command-at-all | Command exited with 127, command not found: change DEPLOY_CMD",
        "/etc/passwd            | Command exited with 126, not executable: make it so, or change DEPLOY_CMD",
        "exit 200               | Command exited with 200",
        "echo description=disk full > $SLIPWAY_OUTPUT; exit 9 | Command exited with 9: disk full",
      })
  void a_command_that_ends_badly_has_failed(String command, String reason) throws Exception {
    assertThat(end(shell(command), Attempts.plain())).isEqualTo(new End.Failed(reason));
  }

  @Test
  void a_command_answers_through_its_output_file() throws Exception {
    End end =
        end(
            shell(
                "echo environment_url=https://old.example > $SLIPWAY_OUTPUT;"
                    + "echo environment_url=https://app.example/x >> $SLIPWAY_OUTPUT;"
                    + "echo description=Live at last >> $SLIPWAY_OUTPUT"),
            Attempts.plain());
    assertThat(end)
        .isEqualTo(new End.Succeeded(URI.create("https://app.example/x"), "Live at last"));
  }

  @Test
  void a_host_with_an_underscore_is_a_web_address() throws Exception {
    End end =
        end(
            shell("echo environment_url=https://my_app.pr-7.example:8443/x > $SLIPWAY_OUTPUT"),
            Attempts.plain());
    assertThat(end)
        .isEqualTo(
            new End.Succeeded(
                URI.create("https://my_app.pr-7.example:8443/x"), "Command finished"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://mia:hunter2@app.example/", "https://t0ken@my_app.example", "http://@x/"})
  void an_address_with_a_password_is_left_out_and_not_quoted(String url) throws Exception {
    End end = end(shell("echo 'environment_url=" + url + "' > $SLIPWAY_OUTPUT"), Attempts.plain());
    assertThat(end).isEqualTo(new End.Succeeded(null, "Command finished"));
    assertThat(log.said)
        .singleElement()
        .asString()
        .contains("environment_url", "user or a password")
        .doesNotContain("hunter2", "t0ken");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"javascript:alert(1)", "https://", "//x.example", "http://a b", "file:///"})
  void an_address_that_is_no_web_address_is_left_out(String url) throws Exception {
    End end = end(shell("echo 'environment_url=" + url + "' > $SLIPWAY_OUTPUT"), Attempts.plain());
    assertThat(end).isEqualTo(new End.Succeeded(null, "Command finished"));
    assertThat(log.said).singleElement().asString().contains("environment_url");
  }

  @Test
  void the_command_stands_in_no_list_of_processes() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell =
        shell(
            "echo up; sleep 600 && echo a-password-in-the-command",
            Map.of("KEY", new Secret("a-password-in-the-environment")));
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "up");
    assertThat(arguments()).isNotEmpty().noneMatch(all -> all.contains("a-password-in-the"));
    shell.stop(attempt, id, log);
  }

  @Test
  void an_output_file_that_is_no_file_is_not_read() throws Exception {
    End end = end(shell("rm $SLIPWAY_OUTPUT; mkfifo $SLIPWAY_OUTPUT; exit 0"), Attempts.plain());
    assertThat(end).isEqualTo(new End.Succeeded(null, "Command finished"));
  }

  @Test
  void the_run_directory_is_for_us_only() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("umask; sleep 60");
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "\n");
    Path run = runs.resolve(id);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run)))
        .isEqualTo("rwx------");
    for (String name : List.of("output", "answer", "payload", "pid", "claim")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
    shell.stop(attempt, id, log);
    assertThat(log.text().strip()).as("the command's own umask").isNotEqualTo("0077");
    for (String name : List.of("progress", "over")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
  }

  @Test
  void the_end_can_be_asked_for_again_and_all_else_is_thrown_away() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell =
        shell(
            """
            echo description=done > $SLIPWAY_OUTPUT; cd ${SLIPWAY_OUTPUT%/*}; mkdir -p a/b; echo x > other
            echo hello""");
    String id = started(shell, attempt);
    End end = end(shell, attempt, id);
    assertThat(shell("unused").poll(attempt, id, log)).isEqualTo(new PollResult.Over(end));
    assertThat(log.text()).isEqualTo("hello\n");
    assertThat(runs.resolve(id))
        .isDirectoryNotContaining(file -> !file.endsWith("over") && isAnythingIn(file))
        .isDirectoryNotContaining("glob:**/other");

    Shell.forget(runs, Attempts.SINCE.minusMillis(1));
    assertThat(runs.resolve(id)).exists();
    Shell.forget(runs, Attempts.SINCE.plusMillis(1));
    assertThat(runs.resolve(id)).doesNotExist();
    Shell.forget(home.resolve("no runs at all"), Attempts.SINCE);
  }

  private static boolean isAnythingIn(Path file) {
    return !Files.isRegularFile(file) || file.toFile().length() > 0;
  }

  @Test
  void a_file_that_the_command_answered_with_and_has_elsewhere_stays_there() throws Exception {
    Path linked = home.resolve("linked");
    Path named = home.resolve("named");
    Files.writeString(linked, "description=linked");
    Files.writeString(named, "description=named");
    assertThat(end(shell("ln -f '%s' $SLIPWAY_OUTPUT".formatted(linked)), Attempts.plain()))
        .isEqualTo(new End.Succeeded(null, "linked"));
    assertThat(end(shell("ln -sf '%s' $SLIPWAY_OUTPUT".formatted(named)), Attempts.plain()))
        .isInstanceOf(End.Succeeded.class);
    assertThat(linked).hasContent("description=linked");
    assertThat(named).hasContent("description=named");
  }

  @Test
  void a_file_that_cannot_be_emptied_is_deleted() throws Exception {
    Attempt attempt = Attempts.plain();
    // Nobody may write to a file that is being executed
    Shell shell =
        shell(
            """
            cp /bin/sleep $SLIPWAY_OUTPUT; chmod 700 $SLIPWAY_OUTPUT; setsid $SLIPWAY_OUTPUT 600 &
            until [ "$(readlink /proc/$!/exe)" = $SLIPWAY_OUTPUT ]; do :; done
            echo $!""");
    String id = started(shell, attempt);
    assertThat(end(shell, attempt, id)).isInstanceOf(End.Succeeded.class);
    ProcessHandle.of(Long.parseLong(log.text().strip())).orElseThrow().destroyForcibly();
    assertThat(runs.resolve(id))
        .isDirectoryNotContaining(file -> !file.endsWith("over") && isAnythingIn(file));
  }

  @Test
  void an_end_is_told_though_what_the_command_left_cannot_be_deleted() throws Exception {
    Attempt attempt = Attempts.plain();
    // Its innermost folders have longer paths than the system takes
    Shell shell =
        shell(
            """
            cd ${SLIPWAY_OUTPUT%/*}; name=$(printf %0200d 0)
            for i in $(seq 30); do mkdir $name && cd -P $name || exit 1; done""");
    String id = started(shell, attempt);
    Path run = runs.resolve(id);
    try {
      End end = end(shell, attempt, id);
      assertThat(end).isEqualTo(new End.Succeeded(null, "Command finished"));
      assertThat(shell.poll(attempt, id, log)).isEqualTo(new PollResult.Over(end));
      assertThat(run.resolve("payload")).isEmptyFile();
    } finally {
      assertThat(new ProcessBuilder("rm", "-rf", run.toString()).start().waitFor()).isZero();
    }
  }

  @Test
  void what_a_kill_left_beside_the_end_goes_with_the_next_look() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("echo description=done > $SLIPWAY_OUTPUT");
    String id = started(shell, attempt);
    End end = end(shell, attempt, id);
    Files.writeString(runs.resolve(id).resolve("payload"), "{}");
    assertThat(shell.poll(attempt, id, log)).isEqualTo(new PollResult.Over(end));
    assertThat(runs.resolve(id).resolve("payload")).isEmptyFile();
  }

  @Test
  void a_start_looks_into_no_other_run() throws Exception {
    Attempt before = Attempts.plain();
    end(shell("exit 0"), before);
    Path over = runs.resolve(RunId.of(before).toString()).resolve("over");
    Files.delete(over);
    // Whoever opened it would wait for ever
    assertThat(new ProcessBuilder("mkfifo", over.toString()).start().waitFor()).isZero();
    assertTimeoutPreemptively(
        Duration.ofSeconds(50),
        () -> assertThat(end(shell("exit 0"), Attempts.plain())).isInstanceOf(End.Succeeded.class));
  }

  @Test
  void half_a_character_passes_as_the_bytes_it_is() throws Exception {
    end(shell("printf '\\303'; sleep 0.5; printf '\\251\\377\\000.'"), Attempts.plain());
    assertThat(log.bytes()).containsExactly(0xC3, 0xA9, 0xFF, 0, '.');
  }

  @Test
  void a_working_directory_that_is_missing_is_refused() throws Exception {
    Shell shell = shell("exit 0");
    Files.delete(work);
    assertThat(Launches.launch(shell, Attempts.plain()))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).contains("work", "does not exist"));
  }

  @Test
  void runs_that_cannot_be_written_are_refused() throws Exception {
    Files.writeString(runs, "a file is in the way");
    assertThat(Launches.launch(shell("exit 0"), Attempts.plain()))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).contains("cannot write to"));
  }

  @Test
  void a_supervisor_that_cannot_start_the_command_is_refused_with_its_words() throws Exception {
    Shell shell = shell("exit 0");
    Attempt attempt = Attempts.plain();
    Fence inTheWay = () -> assertThat(work.toFile().delete()).isTrue();
    assertThat(Launches.launch(shell, attempt, inTheWay))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .matches("the command could not be started: .*: .*cd.*" + work + ".*"));
    assertThat(found(shell, attempt)).isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void processes_left_behind_are_ended_even_when_they_hold_the_output() throws Exception {
    End end =
        end(
            shell(
                "(trap '' TERM; while :; do sleep 1; done) & echo $! > left;"
                    + " sleep 500 & echo $! > left2; echo done"),
            Attempts.plain());
    assertThat(end).isEqualTo(new End.Succeeded(null, "Command finished"));
    assertThat(log.text()).isEqualTo("done\n");
    assertThat(is_alive(number("left"))).isFalse();
    assertThat(is_alive(number("left2"))).isFalse();
    assertThat(log.said).containsExactly("The command left processes behind; they were ended");
  }
}
