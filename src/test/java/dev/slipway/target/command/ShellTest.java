package dev.slipway.target.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.Finding;
import dev.slipway.model.Limits;
import dev.slipway.model.Repository;
import dev.slipway.model.Sighting;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTest {
  static final Limits LIMITS =
      new Limits(Duration.ofMinutes(1), Duration.ZERO, Duration.ofMinutes(1), Duration.ofHours(2));
  private static final Pace QUICK =
      new Pace(Duration.ofMillis(300), Duration.ofMillis(300), 1 << 20);
  private static final Duration LONG = Duration.ofMinutes(30);

  @TempDir Path home;
  private Path runs;
  private final Attempts.Clock clock = new Attempts.Clock();
  private final Heard log = new Heard();

  @BeforeEach
  void set_up() throws Exception {
    runs = home.resolve("runs");
    Files.createDirectory(home.resolve("work"));
  }

  private Shell shell(String command) {
    return shell(command, Map.of());
  }

  private Shell shell(String command, Map<String, Secret> environment) {
    ShellConfig config =
        new ShellConfig(
            command, home.resolve("work"), runs, environment, LONG, Duration.ofMinutes(10), LIMITS);
    return new Shell(config, clock, QUICK);
  }

  private String started(Shell shell, Attempt attempt) throws Exception {
    assertThat(shell.start(attempt, log)).isInstanceOf(Verdict.Accepted.class);
    return RunId.of(attempt).toString();
  }

  private End end(Shell shell, Attempt attempt) throws Exception {
    return end(shell, attempt, started(shell, attempt));
  }

  private End end(Shell shell, Attempt attempt, String id) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (System.nanoTime() < until) {
      if (shell.poll(attempt, id, log) instanceof Sighting.Over(End end)) {
        return end;
      }
    }
    throw new AssertionError("not over; output so far: " + log.text());
  }

  /** Looks until the command has said something, so that it surely runs its own lines. */
  private void await_output(Shell shell, Attempt attempt, String id, String text) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!log.text().contains(text)) {
      assertThat(shell.poll(attempt, id, log)).isInstanceOf(Sighting.Going.class);
      assertThat(System.nanoTime()).as("waiting for " + text).isLessThan(until);
    }
  }

  private long number(String name) throws Exception {
    Path file = home.resolve("work").resolve(name);
    return Long.parseLong(Files.readString(file).strip());
  }

  private static boolean is_alive(long pid) {
    return Leader.Stat.of(pid).filter(stat -> !stat.isDead()).isPresent();
  }

  @Test
  void a_command_that_ends_well_has_succeeded_and_its_output_is_heard() throws Exception {
    End end = end(shell("echo out; echo err >&2; pwd"), Attempts.plain());
    assertThat(end).isEqualTo(new End.Succeeded(null, "Command finished"));
    assertThat(log.text()).isEqualTo("out\nerr\n" + home.resolve("work").toRealPath() + "\n");
  }

  @Test
  void a_start_is_accepted_with_an_id_that_is_made_of_the_attempt() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("exit 0");
    assertThat(shell.start(attempt, log))
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

  @ParameterizedTest
  @ValueSource(
      strings = {"javascript:alert(1)", "https://", "//x.example", "http://a b", "file:///"})
  void an_address_that_is_no_web_address_is_left_out(String url) throws Exception {
    End end = end(shell("echo 'environment_url=" + url + "' > $SLIPWAY_OUTPUT"), Attempts.plain());
    assertThat(end).isEqualTo(new End.Succeeded(null, "Command finished"));
    assertThat(log.said).singleElement().asString().contains("environment_url");
  }

  @Test
  void an_output_file_that_is_no_file_is_not_read() throws Exception {
    End end = end(shell("rm $SLIPWAY_OUTPUT; mkfifo $SLIPWAY_OUTPUT; exit 0"), Attempts.plain());
    assertThat(end).isEqualTo(new End.Succeeded(null, "Command finished"));
  }

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
      assertThat(home.resolve("work").resolve(name)).hasContent(value);
      assertThat(Files.readString(home.resolve("work").resolve(name))).isEqualTo(value);
    }
    assertThat(home.resolve("work").resolve("pwned")).doesNotExist();
  }

  @Test
  void nul_is_replaced_for_no_environment_can_hold_it() throws Exception {
    end(shell("printf %s \"$SLIPWAY_REF\" > ref"), Attempts.hostile("a\0b", "{}"));
    assertThat(Files.readString(home.resolve("work/ref"))).isEqualTo("a\uFFFDb");
  }

  @Test
  void the_environment_holds_what_is_promised_and_nothing_else() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("env > all", Map.of("API_KEY", new Secret("k-1\n'2'")));
    assertThat(end(shell, attempt)).isInstanceOf(End.Succeeded.class);
    String text = Files.readString(home.resolve("work/all")).replace("k-1\n'2'", "<secret>");
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
    assertThat(Files.readString(home.resolve("work/payload"))).isEqualTo(payload);
  }

  @Test
  void a_payload_as_large_as_an_environment_takes_comes_in_both() throws Exception {
    String payload = "x".repeat(Variables.LARGEST);
    Attempt attempt = Attempts.hostile("y".repeat(64 * 1024), payload);
    End end =
        end(
            shell("printf %s \"$SLIPWAY_PAYLOAD\" | cmp - \"$SLIPWAY_PAYLOAD_FILE\" && true"),
            attempt);
    assertThat(end).isInstanceOf(End.Succeeded.class);
  }

  @Test
  void another_value_too_large_for_an_environment_is_refused() throws Exception {
    assertThat(shell("exit 0").start(Attempts.hostile("y".repeat(130_000), "{}"), log))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).contains("larger than 120 KiB"));
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
    for (String name : List.of("output", "answer", "exit", "payload", "pid", "claim")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
    shell.stop(attempt, id, log);
    assertThat(log.text().strip()).as("the command's own umask").isNotEqualTo("0077");
  }

  @Test
  void the_end_can_be_asked_for_again_and_all_else_is_thrown_away() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("echo description=done > $SLIPWAY_OUTPUT; echo hello");
    String id = started(shell, attempt);
    End end = end(shell, attempt, id);
    assertThat(shell("unused").poll(attempt, id, log)).isEqualTo(new Sighting.Over(end));
    assertThat(log.text()).isEqualTo("hello\n");
    assertThat(runs.resolve(id)).isDirectoryNotContaining(f -> !f.endsWith("over"));

    clock.set(Attempts.SINCE.plus(Duration.ofDays(2)));
    Attempt next = Attempts.plain();
    started(shell, next);
    assertThat(runs.resolve(id)).doesNotExist();
    assertThat(runs.resolve(RunId.of(next).toString())).exists();
  }

  @Test
  void half_a_character_passes_as_the_bytes_it_is() throws Exception {
    end(shell("printf '\\303'; sleep 0.5; printf '\\251\\377\\000.'"), Attempts.plain());
    assertThat(log.bytes()).containsExactly(0xC3, 0xA9, 0xFF, 0, '.');
  }

  @Test
  void a_working_directory_that_is_missing_is_refused() throws Exception {
    Shell shell = shell("exit 0");
    Files.delete(home.resolve("work"));
    assertThat(shell.start(Attempts.plain(), log))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).contains("work", "does not exist"));
  }

  @Test
  void runs_that_cannot_be_written_are_refused() throws Exception {
    Files.writeString(runs, "a file is in the way");
    assertThat(shell("exit 0").start(Attempts.plain(), log))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).contains("cannot write to"));
  }

  @Test
  void a_variable_that_no_shell_can_name_is_refused() throws Exception {
    Shell shell = shell("exit 0", Map.of("A-B", new Secret("x")));
    assertThat(shell.start(Attempts.plain(), log))
        .isEqualTo(new Verdict.Refused("\"A-B\" cannot be the name of a variable; change it"));
  }

  @Test
  void a_supervisor_that_cannot_start_the_command_is_refused_with_its_words() throws Exception {
    // bash does not let PPID be set, dash wants a number in OPTIND
    Shell shell = shell("exit 0", Map.of("PPID", new Secret("x"), "OPTIND", new Secret("x")));
    Attempt attempt = Attempts.plain();
    assertThat(shell.start(attempt, log))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .matches("the command could not be started: .*: .*(PPID|number|OPTIND).*"));
    assertThat(shell.find(attempt, log)).isInstanceOf(Finding.NotThere.class);
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
