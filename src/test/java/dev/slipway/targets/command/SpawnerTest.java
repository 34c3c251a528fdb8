package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.secret.Secret;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a process gets from whoever starts it, in each way to start one. */
class SpawnerTest extends ShellFixture {
  /** In a process of its own, dash would hold signals back while it starts that. */
  private static final String WITH_A_MASK =
      "while read -r line; do case $line in SigBlk*) echo \"$line\";; esac; done </proc/$$/status";

  private static final Duration SOON = Duration.ofSeconds(50);

  static Stream<Spawner> ways() {
    return Stream.of(PosixSpawn.ofThisSystem().orElseThrow(), new SetsidSpawn());
  }

  @Test
  void this_system_has_the_way_that_costs_less() {
    assertThat(SystemSpawner.get()).isInstanceOf(PosixSpawn.class);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void it_leads_a_session_and_a_group_of_its_own(Spawner way) throws Exception {
    Spawner.Child child = way.start(spawn("cat /proc/$$/stat", Map.of()));
    assertThat(child.hasEnded(SOON)).isTrue();
    String[] fields = output().substring(output().lastIndexOf(')') + 2).split(" ", -1);
    String number = Long.toString(child.number());
    assertThat(fields[2]).as("its group").isEqualTo(number);
    assertThat(fields[3]).as("its session").isEqualTo(number);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void it_has_three_files_open_whatever_is_open_here(Spawner way) throws Exception {
    try (FileInputStream _ = new FileInputStream("/dev/null")) {
      Spawner.Child child = way.start(spawn("ls /proc/$$/fd; readlink /proc/$$/fd/0", Map.of()));
      assertThat(child.hasEnded(SOON)).isTrue();
    }
    assertThat(output()).startsWith("0\n1\n2\npipe:");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void it_reads_what_it_is_sent_until_that_is_closed_whoever_runs_beside_it(Spawner way)
      throws Exception {
    Spawner.Child child = way.start(spawn("cat; echo end", Map.of()));
    Path other = Files.createFile(home.resolve("other"));
    Spawner.Child beside =
        way.start(
            new Spawner.Spawn(List.of("/bin/sh", "-c", "read -r line"), work, Map.of(), other));
    try (OutputStream input = child.input()) {
      input.write("one\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(child.hasEnded(SOON)).isTrue();
    assertThat(output()).isEqualTo("one\nend\n");
    assertThat(beside.exit()).isNotDone();
    beside.input().close();
    assertThat(beside.hasEnded(SOON)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void its_output_and_its_errors_go_to_the_end_of_the_file(Spawner way) throws Exception {
    Spawner.Spawn spawn = spawn("echo out; echo err >&2", Map.of());
    Files.writeString(spawn.output(), "before\n");
    assertThat(way.start(spawn).hasEnded(SOON)).isTrue();
    assertThat(output()).isEqualTo("before\nout\nerr\n");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void it_runs_where_it_should_with_what_it_should_know(Spawner way) throws Exception {
    Spawner.Spawn spawn =
        spawn("pwd; echo $A; env | cut -d= -f1 | sort | xargs", Map.of("A", "b  c"));
    assertThat(way.start(spawn).hasEnded(SOON)).isTrue();
    assertThat(output().lines().limit(2)).containsExactly(work.toRealPath().toString(), "b c");
    assertThat(output().lines().skip(2).findFirst().orElseThrow().split(" ", -1))
        .contains("A", "PATH")
        .isSubsetOf("A", "PATH", "HOME", "LANG", "TZ", "PWD", "OLDPWD", "SHLVL", "_");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void no_signal_is_held_back_from_it(Spawner way) throws Exception {
    assertThat(way.start(spawn(WITH_A_MASK, Map.of())).hasEnded(SOON)).isTrue();
    assertThat(output()).isEqualTo("SigBlk:\t0000000000000000\n");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void nothing_is_left_of_it_when_it_has_ended(Spawner way) throws Exception {
    Spawner.Child child = way.start(spawn("exit 3", Map.of()));
    assertThat(child.hasEnded(SOON)).isTrue();
    assertThat(ProcessIdentity.Stat.of(child.number())).as("not even a dead process").isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void one_that_is_killed_has_ended(Spawner way) throws Exception {
    Spawner.Child child =
        way.start(spawn("trap : TERM; echo up; while :; do sleep 0.1; done", Map.of()));
    assertThat(child.hasEnded(Duration.ofMillis(1))).isFalse();
    child.kill();
    assertThat(ProcessIdentity.Stat.of(child.number())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void what_cannot_run_says_why(Spawner way) throws Exception {
    Spawner.Spawn spawn = spawn("true", Map.of());
    Files.delete(work);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> way.start(spawn))
        .withMessageContaining(work.toString())
        .withMessageMatching("(?s).*(error=|error: )2\\b.*No such file or directory.*");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void a_command_runs_to_its_end(Spawner way) throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell =
        shell("echo \"$SECRET\"; exit 7", Map.of("SECRET", new Secret("naïve ☃")), null, way);
    assertThat(end(shell, attempt)).isInstanceOf(End.Failed.class);
    assertThat(log.text()).contains("naïve ☃");
  }

  private Spawner.Spawn spawn(String script, Map<String, String> environment) throws IOException {
    Path output = home.resolve("output");
    Files.writeString(output, "");
    return new Spawner.Spawn(List.of("/bin/sh", "-c", script), work, environment, output);
  }

  private String output() throws IOException {
    return Files.readString(home.resolve("output"));
  }
}
