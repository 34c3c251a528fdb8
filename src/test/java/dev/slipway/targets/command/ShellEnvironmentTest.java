package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.PollResult;
import dev.slipway.model.Repository;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Secret;
import dev.slipway.targets.Launches;
import dev.slipway.time.SettableTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command is told, and that nothing in it is ever parsed. */
class ShellEnvironmentTest extends ShellFixture {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$(touch pwned)",
        "`touch pwned`",
        "; touch pwned #",
        "a'b\"c\\d\\n",
        "two\nlines\n",
        "ends with newlines\n\n\n",
        "-n",
        "-rf /",
        "../../etc/passwd",
        "<script>alert(1)</script>",
        "%n%s%x",
        "${jndi:ldap://x}",
        "$HOME ${SLIPWAY_SHA}",
        "Ünïcödé \uD83D\uDE80 \u2028",
        "tab\tand\rreturn\u001b[31m",
        ".",
        ":",
        "+",
        " spaces around ",
        "*",
        "",
      })
  void hostile_values_arrive_as_they_are_and_nothing_parses_them(String value) throws Exception {
    Attempt attempt = Attempts.hostile(value, value);
    String names =
        "SLIPWAY_REPOSITORY SLIPWAY_REF SLIPWAY_ENVIRONMENT SLIPWAY_TASK SLIPWAY_PAYLOAD"
            + " SLIPWAY_DESCRIPTION SLIPWAY_CREATOR";
    String command =
        "for name in " + names + "; do eval \"printf %s \\\"\\$$name\\\"\" > $name; done";
    assertThat(end(shell(command), attempt)).isInstanceOf(End.Succeeded.class);
    for (String name : names.split(" ", -1)) {
      assertThat(work.resolve(name)).hasContent(value);
      assertThat(Files.readString(work.resolve(name))).isEqualTo(value);
    }
    assertThat(work.resolve("pwned")).doesNotExist();
  }

  /** Runs in another locale. */
  static final class Elsewhere {
    private Elsewhere() {}

    public static void main(String[] arguments) throws Exception {
      ShellConfig config =
          new ShellConfig(
              "printf %s \"$SLIPWAY_REF\" > ref; printf %s \"$SLIPWAY_PAYLOAD\" > payload; cat > in",
              Path.of(arguments[1]), Path.of(arguments[0]), null, Map.of(), LONG, LONG, LIMITS);
      Shell shell =
          new Shell(
              "shell",
              config,
              SettableTime.withRealWaits(Attempts.SINCE),
              QUICK,
              new ProcessWatcher(),
              SystemSpawner::get);
      Attempt attempt = Attempts.hostile("caf\u00e9 \uD83D\uDE80", "{\"x\":\"\u2028\\n\"}");
      RecordingLog heard = new RecordingLog();
      Launches.launch(shell, attempt);
      PollResult seen = shell.poll(attempt, RunId.of(attempt).toString(), heard);
      while (seen instanceof PollResult.Going) {
        seen = shell.poll(attempt, RunId.of(attempt).toString(), heard);
      }
    }
  }

  @Test
  void values_arrive_whole_whatever_the_locale_can_spell() throws Exception {
    ProcessBuilder ascii =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            Elsewhere.class.getName(),
            runs.toString(),
            work.toString());
    ascii.environment().put("LC_ALL", "C");
    Process slipway = ascii.inheritIO().start();
    assertThat(slipway.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(work.resolve("ref"))).isEqualTo("caf\u00e9 \uD83D\uDE80");
    assertThat(Files.readString(work.resolve("payload"))).isEqualTo("{\"x\":\"\u2028\\n\"}");
    assertThat(work.resolve("in")).as("standard input").isEmptyFile();
  }

  @Test
  void nul_is_replaced_for_no_environment_can_hold_it() throws Exception {
    end(shell("printf %s \"$SLIPWAY_REF\" > ref"), Attempts.hostile("a\0b", "{}"));
    assertThat(Files.readString(work.resolve("ref"))).isEqualTo("a\uFFFDb");
  }

  @Test
  void the_environment_holds_what_is_promised_and_nothing_else() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("env > all", Map.of("API_KEY", new Secret("k-1\n'2'")));
    assertThat(end(shell, attempt)).isInstanceOf(End.Succeeded.class);
    String text = Files.readString(work.resolve("all")).replace("k-1\n'2'", "<secret>");
    Map<String, String> all =
        text.lines()
            .map(line -> line.split("=", 2))
            .collect(Collectors.toMap(p -> p[0], p -> p[1], (a, _) -> a, TreeMap::new));
    // PWD, OLDPWD, SHLVL and _ are a shell's own
    all.keySet().removeAll(Set.of("PWD", "OLDPWD", "SHLVL", "_", "PATH", "HOME", "LANG", "TZ"));
    assertThat(all)
        .containsOnlyKeys(
            "API_KEY",
            "SLIPWAY_REPOSITORY",
            "SLIPWAY_HOST",
            "SLIPWAY_SHA",
            "SLIPWAY_REF",
            "SLIPWAY_ENVIRONMENT",
            "SLIPWAY_TASK",
            "SLIPWAY_PAYLOAD",
            "SLIPWAY_PAYLOAD_FILE",
            "SLIPWAY_DESCRIPTION",
            "SLIPWAY_CREATOR",
            "SLIPWAY_DEPLOYMENT_ID",
            "SLIPWAY_RUN",
            "SLIPWAY_OUTPUT")
        .containsEntry("API_KEY", "<secret>")
        .containsEntry("SLIPWAY_HOST", "github.example")
        .containsEntry("SLIPWAY_SHA", Attempts.SHA)
        .containsEntry("SLIPWAY_DEPLOYMENT_ID", "4711")
        .containsEntry("SLIPWAY_RUN", "1");
  }

  @Test
  void without_a_commit_or_a_github_number_there_are_stand_ins() throws Exception {
    Attempt attempt =
        Attempts.of(
            new Deployment(
                Repository.NONE,
                null,
                null,
                "",
                new Environment("production", false, true),
                "deploy",
                "{}",
                "",
                "",
                Attempts.SINCE));
    end(shell("echo \"[$SLIPWAY_SHA][$SLIPWAY_DEPLOYMENT_ID]\""), attempt);
    assertThat(log.text()).isEqualTo("[][" + attempt.deploymentId() + "]\n");
  }

  @Test
  void a_payload_too_large_for_an_environment_comes_in_a_file() throws Exception {
    String payload = "{\"x\":\"" + "é".repeat(1 << 20) + "\"}";
    Attempt attempt = Attempts.hostile("main", payload);
    end(shell("echo \"[$SLIPWAY_PAYLOAD]\"; cp \"$SLIPWAY_PAYLOAD_FILE\" payload"), attempt);
    assertThat(log.text()).isEqualTo("[]\n");
    assertThat(Files.readString(work.resolve("payload"))).isEqualTo(payload);
  }

  @Test
  void a_payload_as_large_as_an_environment_takes_comes_in_both() throws Exception {
    String payload = "x".repeat(CommandVariables.LARGEST);
    Attempt attempt = Attempts.hostile("y".repeat(64 * 1024), payload);
    End end =
        end(
            shell("printf %s \"$SLIPWAY_PAYLOAD\" | cmp - \"$SLIPWAY_PAYLOAD_FILE\" && true"),
            attempt);
    assertThat(end).isInstanceOf(End.Succeeded.class);
  }

  @Test
  void another_value_too_large_for_an_environment_is_refused() throws Exception {
    assertThat(Launches.launch(shell("exit 0"), Attempts.hostile("y".repeat(130_000), "{}")))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).contains("larger than 120 KiB"));
  }

  @Test
  void a_variable_that_no_environment_can_hold_is_refused() throws Exception {
    assertThat(Launches.launch(shell("exit 0", Map.of("A", new Secret("x\0y"))), Attempts.plain()))
        .isEqualTo(new Verdict.Refused("the variable A holds a NUL; remove it"));
  }

  @Test
  void a_variable_that_no_shell_can_name_is_refused() throws Exception {
    Shell shell = shell("exit 0", Map.of("A-B", new Secret("x")));
    assertThat(Launches.launch(shell, Attempts.plain()))
        .isEqualTo(new Verdict.Refused("\"A-B\" cannot be the name of a variable; change it"));
  }

  @Test
  void a_command_has_a_shell_as_if_it_were_its_own() throws Exception {
    String command =
        """
        echo "$# arguments, options $-, $(env | grep -c slipway_)"
        cat <<END
        here $((1 + 1))
        END
        trap 'echo at the end' EXIT
        set -e
        false
        echo never
        """;
    Attempt attempt = Attempts.plain();
    assertThat(end(shell(command), attempt)).isInstanceOf(End.Failed.class);
    assertThat(log.text()).isEqualTo("0 arguments, options , 0\nhere 2\nat the end\n");
  }

  @Test
  void a_command_that_no_shell_can_read_fails() throws Exception {
    assertThat(end(shell("echo begun; if"), Attempts.plain())).isInstanceOf(End.Failed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$$", "${$}", "$PPID"})
  void a_command_that_asks_for_numbers_of_processes_has_a_process_of_its_own(String number)
      throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("echo \"" + number + "\"; while [ ! -e go ]; do sleep 0.05; done");
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "\n");
    long leader = RunDirectory.at(runs, RunId.of(attempt)).leader().orElseThrow().pid();
    Files.createFile(work.resolve("go"));
    assertThat(end(shell, attempt, id)).isInstanceOf(End.Succeeded.class);
    long told = Long.parseLong(log.text().strip());
    assertThat(told == leader).as("is the supervisor").isEqualTo(number.equals("$PPID"));
  }

  @Test
  void a_script_that_it_reads_ends_with_the_shell_that_reads_it() throws Exception {
    Files.writeString(
        work.resolve("deploy.sh"),
        """
        top=$$
        trap 'exit 1' TERM
        found=$(kill -s TERM "$top")
        echo "deployed $found"
        """);
    assertThat(end(shell(". ./deploy.sh"), Attempts.plain())).isInstanceOf(End.Failed.class);
    assertThat(end(shell("eval \"$(cat deploy.sh)\""), Attempts.plain()))
        .isInstanceOf(End.Failed.class);
    assertThat(log.text()).doesNotContain("deployed");
  }

  @Test
  void a_command_that_lists_its_variables_does_not_tell_itself() throws Exception {
    assertThat(end(shell(": password-in-the-command; set"), Attempts.plain()))
        .isInstanceOf(End.Succeeded.class);
    assertThat(log.text()).contains("PATH=").doesNotContain("password-in-the-command");
  }

  @Test
  void a_command_larger_than_a_variable_runs() throws Exception {
    String command = "# " + "x".repeat(CommandVariables.LARGEST) + "\necho $# arguments";
    assertThat(end(shell(command), Attempts.plain())).isInstanceOf(End.Succeeded.class);
    assertThat(log.text()).isEqualTo("0 arguments\n");
  }
}
