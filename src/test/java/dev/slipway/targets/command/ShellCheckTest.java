package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.check.CheckResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command begins with: its directory, the shell, the program that it names first. */
class ShellCheckTest {
  @TempDir Path folder;

  private CheckResult check(String command, Path directory) {
    return new ShellCheck(
            "shell",
            new ShellConfig(
                command,
                directory,
                folder.resolve("runs"),
                null,
                Map.of(),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                ShellFixture.LIMITS))
        .result();
  }

  private void script(String text, String mode) throws Exception {
    Path script = folder.resolve("deploy.sh");
    Files.writeString(script, text);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString(mode));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "cd /srv/app && make",
        "$HOME/deploy.sh",
        "A=/x deploy",
        "/bin/echo hello",
        "~/x"
      })
  void what_the_shell_finds_by_itself_is_left_to_it(String command) {
    assertThat(check(command, folder))
        .isEqualTo(
            new CheckResult.Ok("shell", "its shell and its directory " + folder + " are there"));
  }

  @Test
  void a_script_must_be_there_run_and_have_its_interpreter() throws Exception {
    assertThat(check("./deploy.sh --all", folder).detail())
        .isEqualTo(
            "the command begins with %s, which is not there"
                .formatted(folder.resolve("./deploy.sh")));

    script("#!/bin/sh\ntrue\n", "rw-------");
    assertThat(check("./deploy.sh --all", folder).detail()).endsWith("which cannot be run");

    script("#! /opt/no/such/interpreter -x\n", "rwx------");
    assertThat(check("./deploy.sh", folder).detail())
        .endsWith("wants the interpreter /opt/no/such/interpreter, which cannot be run");

    script("#!/bin/sh\ntrue\n", "rwx------");
    assertThat(check("./deploy.sh", folder)).isInstanceOf(CheckResult.Ok.class);
    script("\u0000\u0000#!", "rwx------");
    assertThat(check("./deploy.sh", folder)).isInstanceOf(CheckResult.Ok.class);
  }

  @Test
  void a_directory_that_went_away_is_a_failure() {
    assertThat(check("true", folder.resolve("gone")))
        .isEqualTo(
            new CheckResult.Failure(
                "shell",
                "the directory " + folder.resolve("gone") + " is not there",
                "set DEPLOY_CMD_DIR"));
  }
}
