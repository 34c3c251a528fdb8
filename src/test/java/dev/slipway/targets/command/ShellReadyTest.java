package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Secret;
import dev.slipway.targets.Launches;
import dev.slipway.time.SystemTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A command whose supervisor was started before anybody asked for it. */
class ShellReadyTest extends ShellFixture {
  static Stream<Spawner> ways() {
    return SpawnerTest.ways();
  }

  /** Lets one command come to its end, and waits for the next one's supervisor. */
  private Shell ready(Shell shell) throws Exception {
    assertThat(end(shell, Attempts.plain())).isInstanceOf(End.Succeeded.class);
    long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (!shell.isReady() || waiting().isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(until);
      new SystemTime().sleep(Duration.ofMillis(5));
    }
    return shell;
  }

  /** Who waits in a directory that no run has got. */
  private List<ProcessIdentity> waiting() throws IOException {
    List<ProcessIdentity> found = new ArrayList<>();
    for (Path made : made()) {
      String[] pid = Files.readString(made.resolve("pid")).strip().split(" ", -1);
      if (pid.length == 2) {
        found.add(new ProcessIdentity(Long.parseLong(pid[0]), Long.parseLong(pid[1])));
      }
    }
    return found;
  }

  private List<Path> made() throws IOException {
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(path -> path.getFileName().toString().startsWith("made-"))
          .filter(path -> Files.exists(path.resolve("pid")))
          .toList();
    }
  }

  private ProcessIdentity leader(Attempt attempt) throws IOException {
    return RunDirectory.at(runs, RunId.of(attempt)).leader().orElseThrow();
  }

  private static void signal(String name, String whom) throws Exception {
    assertThat(new ProcessBuilder("kill", "-s", name, "--", whom).start().waitFor()).isZero();
  }

  @Test
  void the_next_command_has_the_supervisor_that_waits() throws Exception {
    Shell shell = ready(shell("exit 0"));
    ProcessIdentity waiting = waiting().getFirst();
    Attempt attempt = Attempts.plain();
    String id = started(shell, attempt);
    assertThat(leader(attempt)).isEqualTo(waiting);
    assertThat(end(shell, attempt, id)).isInstanceOf(End.Succeeded.class);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void it_finds_what_it_would_find_below_one_that_was_started_for_it(Spawner way) throws Exception {
    String command =
        """
        umask; pwd; trap; set -o; ulimit -n; echo "$# $- $! $?"; cat
        env | sed 's/[0-9]*-1-[0-9]*/ID/; /^_=/d' | sort
        ls -l /proc/self/fd | sed 's/.* -> //; s/pipe:.*/pipe/; s/[0-9]*-1-[0-9]*/ID/; /^total/d; /proc/d'
        grep -e Sig -e Cap -e Threads -e NoNewPrivs /proc/self/status | grep -v SigQ
        """;
    Shell shell = ready(shell(command, Map.of("KEY", new Secret("naïve 'k'\n")), null, way));
    String first = log.text();
    assertThat(end(shell, Attempts.plain())).isInstanceOf(End.Succeeded.class);
    assertThat(first).contains("KEY=naïve 'k'", "SLIPWAY_OUTPUT=", "/dev/null", "SigBlk");
    assertThat(log.text()).isEqualTo(first + first);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whatever_it_is_told_arrives_as_it_is(Spawner way) throws Exception {
    String all =
        IntStream.rangeClosed(1, 0x820).mapToObj(Character::toString).collect(Collectors.joining());
    String text =
        all + "''' \\'' $(touch pwned) `touch pwned`\nslipway_ordered=yes\n\uD83D\uDE80\n";
    Shell shell =
        ready(shell("printf %s \"$SLIPWAY_REF$SLIPWAY_PAYLOAD\" > told", Map.of(), null, way));
    assertThat(end(shell, Attempts.hostile(text, text))).isInstanceOf(End.Succeeded.class);
    assertThat(Files.readString(work.resolve("told"))).isEqualTo(text + text);
    assertThat(work.resolve("pwned")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"IFS", "PPID", "UID", "OPTIND", "PS4", "LINENO", "PATH", "HOME", "LC_ALL", "ENV"})
  void a_variable_that_means_something_to_shells_is_one_like_others(String name) throws Exception {
    Shell shell = ready(shell("echo two words > told", Map.of(name, new Secret("7"))));
    assertThat(end(shell, Attempts.plain())).isInstanceOf(End.Succeeded.class);
    assertThat(work.resolve("told")).content().isEqualTo("two words\n");
  }

  @Test
  void what_waits_knows_no_secret() throws Exception {
    Shell shell = ready(shell(": text-of-the-command", Map.of("KEY", new Secret("geheim"))));
    Path process = Path.of("/proc", Long.toString(waiting().getFirst().pid()));
    for (String file : List.of("environ", "cmdline")) {
      assertThat(Files.readString(process.resolve(file), StandardCharsets.ISO_8859_1))
          .isNotEmpty()
          .doesNotContain("geheim", "text-of-the-command");
    }
    assertThat(shell.isReady()).isTrue();
  }

  @Test
  void as_much_as_an_environment_takes_arrives() throws Exception {
    Shell shell = ready(shell("printf %s \"$SLIPWAY_PAYLOAD\" | cmp - \"$SLIPWAY_PAYLOAD_FILE\""));
    Attempt attempt = Attempts.hostile("'".repeat(64 * 1024), "x".repeat(CommandVariables.LARGEST));
    assertThat(end(shell, attempt)).isInstanceOf(End.Succeeded.class);
  }

  @Test
  void it_runs_in_the_directory_that_has_the_name_by_then() throws Exception {
    Shell shell = ready(shell("touch here"));
    Path old = Files.move(work, home.resolve("old"));
    Files.delete(old.resolve("here"));
    Files.createDirectory(work);
    assertThat(end(shell, Attempts.plain())).isInstanceOf(End.Succeeded.class);
    assertThat(work.resolve("here")).exists();
    assertThat(old).isEmptyDirectory();
  }

  @Test
  void one_that_has_died_since_is_no_reason_not_to_start() throws Exception {
    Shell shell = ready(shell("echo once >> ran"));
    signal("KILL", "-" + waiting().getFirst().pid());
    assertThat(end(shell, Attempts.plain())).isInstanceOf(End.Succeeded.class);
    assertThat(Files.readString(work.resolve("ran"))).isEqualTo("once\nonce\n");
  }

  @Test
  void one_that_has_lost_its_child_is_no_reason_not_to_start() throws Exception {
    Shell shell = ready(shell("echo once >> ran"));
    signal("KILL", Files.readString(children(waiting().getFirst().pid())).strip());
    assertThat(end(shell, Attempts.plain())).isInstanceOf(End.Succeeded.class);
    assertThat(Files.readString(work.resolve("ran"))).isEqualTo("once\nonce\n");
  }

  @Test
  void one_that_stands_still_is_gone_before_its_directory_is_made_again() throws Exception {
    ShellConfig config =
        new ShellConfig("touch begun", work, runs, null, Map.of(), LONG, LONG, LIMITS);
    RunDirectory run = RunDirectory.at(runs, RunId.of(Attempts.plain()));
    try (Supervisor supervisor =
            new Supervisor(
                config,
                Optional.empty(),
                new ProcessWatcher(),
                SystemSpawner::get,
                new SystemTime());
        StandbySupervisor standby = supervisor.standby()) {
      assertThat(run.create(standby.directory(), "{}")).isTrue();
      Path children = children(standby.child().number());
      long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
      while (Files.readString(children).isBlank()) {
        assertThat(System.nanoTime()).isLessThan(until);
        new SystemTime().sleep(Duration.ofMillis(5));
      }
      signal("STOP", "-" + standby.child().number());
      standby.order(
          new LaunchOrder()
              .set("slipway_dir", run.path().toString())
              .set("slipway_command", "touch begun")
              .enter(work.toString()));
      assertThat(run.forbid()).isTrue();
      supervisor.end(standby);
      assertThat(new ProcessGroup(run.leader().orElseThrow(), new SystemTime()).isEmpty()).isTrue();
      assertThat(run.isForbidden()).isTrue();
      assertThat(work.resolve("begun")).doesNotExist();
    }
  }

  private static Path children(long process) {
    String number = Long.toString(process);
    return Path.of("/proc", number, "task", number, "children");
  }

  @Test
  void a_directory_that_is_gone_is_no_reason_not_to_start() throws Exception {
    Shell shell = ready(shell("echo once >> ran"));
    Path _ = Files.move(made().getFirst(), home.resolve("elsewhere"));
    assertThat(end(shell, Attempts.plain())).isInstanceOf(End.Succeeded.class);
    assertThat(Files.readString(work.resolve("ran"))).isEqualTo("once\nonce\n");
  }

  @Test
  void commands_that_come_at_once_are_all_started() throws Exception {
    Shell shell = ready(shell("echo once >> ran"));
    List<Attempt> attempts = Stream.generate(Attempts::plain).limit(5).toList();
    for (Attempt attempt : attempts) {
      assertThat(Launches.launch(shell, attempt)).isInstanceOf(Verdict.Accepted.class);
    }
    for (Attempt attempt : attempts) {
      assertThat(end(shell, attempt, RunId.of(attempt).toString()))
          .isInstanceOf(End.Succeeded.class);
    }
    assertThat(Files.readString(work.resolve("ran"))).isEqualTo("once\n".repeat(6));
  }

  @Test
  void a_shell_that_is_closed_leaves_none() throws Exception {
    Shell shell = ready(shell("exit 0"));
    ProcessIdentity waiting = waiting().getFirst();
    shell.close();
    assertThat(waiting.isAlive()).isFalse();
    assertThat(made()).isEmpty();
    assertThat(end(shell, Attempts.plain())).isInstanceOf(End.Succeeded.class);
    assertThat(shell.isReady()).isFalse();
  }
}
