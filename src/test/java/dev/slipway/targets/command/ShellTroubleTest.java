package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.targets.Launches;
import dev.slipway.time.SystemTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that do not end, flood, or lose Slipway on the way. */
class ShellTroubleTest extends ShellFixture {
  private ProcessIdentity leader(String id) throws Exception {
    return RunDirectory.at(runs, RunId.parse(id).orElseThrow()).leader().orElseThrow();
  }

  private static void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor(50, TimeUnit.SECONDS)).isTrue();
    if (name.equals("KILL")) {
      ProcessHandle.of(pid).ifPresent(handle -> handle.onExit().join());
    }
  }

  private RunDirectory directory(Attempt attempt) throws Exception {
    RunDirectory run = RunDirectory.at(runs, RunId.of(attempt));
    assertThat(run.create(RunDirectory.prepare(runs), "{}")).isTrue();
    return run;
  }

  @Test
  void a_command_that_runs_too_long_is_ended_even_if_it_ignores_term() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("trap '' TERM; echo up; while :; do sleep 1; done");
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "up");
    ProcessIdentity leader = leader(id);
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(5)));
    assertThat(shell.poll(attempt, id, log))
        .isEqualTo(new PollResult.Going("running", Duration.ZERO));
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(30)));
    assertThat(shell.poll(attempt, id, log))
        .isEqualTo(
            new PollResult.Over(
                new End.Failed(
                    "Timed out after 30 m; raise DEPLOY_CMD_TIMEOUT if it needs longer")));
    assertThat(leader.isAlive()).isFalse();
  }

  @Test
  void a_command_that_hears_term_may_say_its_last_words() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("trap 'echo rolled back; exit 1' TERM; echo up; sleep 60 & wait");
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "up");
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(31)));
    assertThat(end(shell, attempt, id)).isInstanceOf(End.Failed.class);
    assertThat(log.text()).isEqualTo("up\nrolled back\n");
  }

  @Test
  void an_interrupt_before_the_start_is_no_refusal_and_starts_nothing() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("touch started");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Launches.launch(shell, attempt))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(found(shell, attempt)).isInstanceOf(LookupResult.NotThere.class);
    assertThat(work.resolve("started")).doesNotExist();
  }

  @Test
  void a_silent_command_is_ended_and_the_silence_counts_from_its_last_output() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("echo one; while [ ! -e go ]; do sleep 0.05; done; echo two; sleep 600");
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "one");
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(9)));
    Files.createFile(work.resolve("go"));
    await_output(shell, attempt, id, "two");
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(18)));
    assertThat(shell.poll(attempt, id, log)).isInstanceOf(PollResult.Going.class);
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(19)));
    assertThat(shell("after a restart").poll(attempt, id, log))
        .isEqualTo(
            new PollResult.Over(
                new End.Failed(
                    "No output for 10 m; raise DEPLOY_CMD_IDLE_TIMEOUT if it is silent for"
                        + " longer")));
  }

  @Test
  void a_stopped_command_is_gone_with_all_it_started() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("sleep 600 & echo up; trap '' TERM; while :; do sleep 1; done");
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "up");
    ProcessIdentity leader = leader(id);
    assertThat(shell.stop(attempt, id, log))
        .isEqualTo(new StopResult.Done("the command was stopped"));
    assertThat(new ProcessGroup(leader, new SystemTime()).end(Duration.ZERO, () -> {})).isFalse();
    assertThat(shell.stop(attempt, id, log))
        .isEqualTo(new StopResult.Done("the command was stopped"));
  }

  @Test
  void a_command_that_ended_before_is_not_called_stopped() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("exit 0");
    String id = started(shell, attempt);
    end(shell, attempt, id);
    assertThat(shell.stop(attempt, id, log))
        .isEqualTo(new StopResult.Done("the command had already ended"));
  }

  @Test
  void a_command_that_ended_unseen_keeps_its_end_when_it_is_stopped() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("exit 3");
    String id = started(shell, attempt);
    ProcessIdentity leader = leader(id);
    while (leader.isAlive()) {
      Thread.onSpinWait();
    }
    assertThat(shell.stop(attempt, id, log))
        .isEqualTo(new StopResult.Done("the command had already ended"));
    assertThat(end(shell, attempt, id)).isEqualTo(new End.Failed("Command exited with 3"));
  }

  @Test
  void a_restarted_slipway_goes_on_where_the_last_one_stopped() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell before = shell("echo one; while [ ! -e go ]; do sleep 0.05; done; echo two; exit 4");
    String id = started(before, attempt);
    await_output(before, attempt, id, "one\n");
    Shell after = shell("not the same command");
    assertThat(found(after, attempt)).isInstanceOf(LookupResult.Found.class);
    assertThat(after.poll(attempt, id, log)).isInstanceOf(PollResult.Going.class);
    Files.createFile(work.resolve("go"));
    assertThat(end(after, attempt, id)).isEqualTo(new End.Failed("Command exited with 4"));
    assertThat(log.text()).isEqualTo("one\ntwo\n");
  }

  @Test
  void a_command_that_ended_while_slipway_was_away_is_read_to_its_end() throws Exception {
    Attempt attempt = Attempts.plain();
    String id = started(shell("echo all; exit 5"), attempt);
    ProcessIdentity leader = leader(id);
    ProcessHandle.of(leader.pid()).ifPresent(handle -> handle.onExit().join());
    assertThat(end(shell("other"), attempt, id)).isEqualTo(new End.Failed("Command exited with 5"));
    assertThat(log.text()).isEqualTo("all\n");
  }

  @Test
  void a_command_whose_supervisor_was_killed_has_an_unknown_outcome() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("echo $$ > child; echo up; while :; do sleep 1; done");
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "up");
    signal("KILL", leader(id).pid());
    assertThat(end(shell, attempt, id))
        .isInstanceOfSatisfying(
            End.Errored.class, end -> assertThat(end.reason()).contains("outcome unknown"));
    long child = Long.parseLong(Files.readString(work.resolve("child")).strip());
    assertThat(ProcessIdentity.Stat.of(child).filter(stat -> !stat.isDead())).isEmpty();
  }

  @Test
  void an_exit_code_without_a_process_counts() throws Exception {
    Attempt attempt = Attempts.plain();
    RunDirectory run = directory(attempt);
    Files.writeString(run.path().resolve("pid"), "999999999 12345\n7\n");
    Files.createFile(run.path().resolve("claim"));
    assertThat(end(shell("other"), attempt, RunId.of(attempt).toString()))
        .isEqualTo(new End.Failed("Command exited with 7"));
  }

  @Test
  void a_number_that_went_to_another_process_is_let_alone() throws Exception {
    Process stranger = new ProcessBuilder("setsid", "sleep", "600").start();
    try {
      Attempt attempt = Attempts.plain();
      RunDirectory run = directory(attempt);
      Files.writeString(run.path().resolve("pid"), stranger.pid() + " 12345\n");
      Files.createFile(run.path().resolve("claim"));
      String id = RunId.of(attempt).toString();
      assertThat(shell("other").poll(attempt, id, log))
          .isInstanceOfSatisfying(
              PollResult.Over.class,
              over -> assertThat(over.end().reason()).contains("outcome unknown"));
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void a_run_that_is_gone_has_an_unknown_outcome() throws Exception {
    assertThat(shell("other").poll(Attempts.plain(), "../../etc", log))
        .isInstanceOfSatisfying(
            PollResult.Over.class, over -> assertThat(over.end()).isInstanceOf(End.Errored.class));
    assertThat(shell("other").poll(Attempts.plain(), "1-1-1", log))
        .isInstanceOfSatisfying(
            PollResult.Over.class,
            over -> assertThat(over.end().reason()).contains("outcome unknown"));
  }

  @Test
  void an_attempt_without_a_run_is_not_there() throws Exception {
    assertThat(found(shell("other"), Attempts.plain())).isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void a_second_attempt_is_another_run_and_is_found_by_its_own_name() throws Exception {
    Attempt first = Attempts.plain();
    assertThat(found(shell("touch first"), first)).isInstanceOf(LookupResult.NotThere.class);

    Attempt second = Attempts.later(first);
    String id = started(shell("touch second; sleep 0.2"), second);
    Shell after = shell("not the same command");

    assertThat(found(after, second))
        .isInstanceOfSatisfying(
            LookupResult.Found.class, found -> assertThat(found.id()).isEqualTo(id));
    assertThat(end(after, second, id)).isInstanceOf(End.Succeeded.class);
  }

  @Test
  void an_attempt_that_was_looked_up_before_its_command_began_cannot_begin_any_more()
      throws Exception {
    Attempt attempt = Attempts.plain();
    RunDirectory run = RunDirectory.at(runs, RunId.of(attempt));
    Path made = RunDirectory.prepare(runs);
    Process late = supervisor(made);
    assertThat(run.create(made, "{}")).isTrue();
    assertThat(found(shell("touch begun"), attempt)).isInstanceOf(LookupResult.NotThere.class);
    try (var stdin = late.getOutputStream()) {
      stdin.write(new LaunchOrder().set("slipway_dir", run.path().toString()).bytes());
    }
    assertThat(late.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(run.isForbidden()).isTrue();
    assertThat(work.resolve("begun")).doesNotExist();
  }

  /** One that starts a command, once it has its order. */
  private Process supervisor(Path made) throws Exception {
    ProcessBuilder supervisor =
        new ProcessBuilder("/bin/sh", "-c", Scripts.LOCAL, "slipway", made.toString())
            .directory(made.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("said").toFile());
    supervisor.environment().put("slipway_command", "touch " + work.resolve("begun"));
    return supervisor.start();
  }

  @Test
  void a_start_that_comes_after_its_own_look_up_starts_nothing() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("touch begun");
    assertThat(found(shell, attempt)).isInstanceOf(LookupResult.NotThere.class);
    assertThat(found(shell, attempt)).as("again").isInstanceOf(LookupResult.NotThere.class);
    assertThat(Launches.launch(shell, attempt)).isInstanceOf(Verdict.Unknown.class);
    assertThat(found(shell, attempt)).as("later").isInstanceOf(LookupResult.NotThere.class);
    assertThat(work.resolve("begun")).doesNotExist();
  }

  @Test
  void a_second_start_of_the_same_attempt_leaves_the_first_alone() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("echo begun >> begun; while [ ! -e go ]; do sleep 0.05; done");
    String id = started(shell, attempt);
    assertThat(Launches.launch(shell, attempt)).isInstanceOf(Verdict.Unknown.class);
    assertThat(found(shell, attempt)).isInstanceOf(LookupResult.Found.class);
    Files.createFile(work.resolve("go"));
    assertThat(end(shell, attempt, id)).isInstanceOf(End.Succeeded.class);
    assertThat(work.resolve("begun")).hasContent("begun");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.6, 0.9, 1})
  void only_a_whole_order_starts_a_command(double share) throws Exception {
    RunDirectory run = RunDirectory.at(runs, RunId.of(Attempts.plain()));
    Path made = RunDirectory.prepare(runs);
    Process supervisor = supervisor(made);
    assertThat(run.create(made, "{}")).isTrue();
    byte[] order =
        new LaunchOrder()
            .set("slipway_dir", run.path().toString())
            .export("A", "it's\nslipway_ordered=yes\n".repeat(3))
            .bytes();
    try (var stdin = supervisor.getOutputStream()) {
      stdin.write(order, 0, (int) (order.length * share));
    }
    assertThat(supervisor.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.exists(work.resolve("begun"))).isEqualTo(share == 1);
    assertThat(run.isClaimed()).isEqualTo(share == 1);
  }

  @Test
  void a_supervisor_that_is_not_needed_leaves_nothing() throws Exception {
    Path made = RunDirectory.prepare(runs);
    Process supervisor = supervisor(made);
    supervisor.getOutputStream().close();
    assertThat(supervisor.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(made).doesNotExist();
  }

  /** Lets a command write its next piece once it has heard the last one whole. */
  private final class PieceByPiece extends RecordingLog {
    static final long PIECE = 4L << 20;
    private final Path output;
    private long allowed;
    private long largest;

    PieceByPiece(Path output) {
      this.output = output;
    }

    @Override
    public synchronized void output(byte[] piece, int offset, int length) {
      super.output(piece, offset, length);
      try {
        largest = Math.max(largest, Files.size(output));
        if (count.get() / PIECE > allowed) {
          allowed = count.get() / PIECE;
          Files.createFile(work.resolve("go" + allowed));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void a_flood_is_read_whole_and_fills_neither_memory_nor_disk() throws Exception {
    int pieces = 50;
    Attempt attempt = Attempts.plain();
    Shell shell =
        shell(
            "for i in $(seq %d); do head -c %d /dev/zero; until [ -e go$i ]; do sleep 0.01; done; done; echo end"
                .formatted(pieces, PieceByPiece.PIECE));
    String id = started(shell, attempt);
    PieceByPiece heard = new PieceByPiece(runs.resolve(id).resolve("output"));
    PollResult seen = shell.poll(attempt, id, heard);
    while (seen instanceof PollResult.Going) {
      seen = shell.poll(attempt, id, heard);
    }
    assertThat(seen).isEqualTo(new PollResult.Over(new End.Succeeded(null, "Command finished")));
    assertThat(heard.count).hasValue(pieces * PieceByPiece.PIECE + 4);
    // What is kept, the piece it is told by and the next one; a halt may come too late for one more
    assertThat(heard.largest)
        .as("bytes on disk")
        .isLessThanOrEqualTo(QUICK.keep() + 3 * PieceByPiece.PIECE);
  }

  @Test
  void a_flood_that_never_ends_is_ended_in_time() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("trap '' TERM; yes & yes");
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "y\ny\n");
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(30)));
    assertThat(end(shell, attempt, id)).isInstanceOf(End.Failed.class);
    assertThat(runs.resolve(id).resolve("output")).isEmptyFile();
  }

  @Test
  void a_command_left_halted_by_a_reader_that_died_goes_on() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("echo up; while [ ! -e go ]; do sleep 0.05; done");
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "up");
    halt(new ProcessGroup(leader(id), new SystemTime()));
    Files.createFile(work.resolve("go"));
    assertThat(end(shell, attempt, id)).isInstanceOf(End.Succeeded.class);
  }

  @Test
  void a_command_that_starts_programs_all_the_time_can_be_halted() throws Exception {
    Attempt attempt = Attempts.plain();
    Shell shell = shell("echo up; while [ ! -e go ]; do /bin/true; done");
    String id = started(shell, attempt);
    await_output(shell, attempt, id, "up");
    ProcessGroup group = new ProcessGroup(leader(id), new SystemTime());
    // Many of these find a child before its exec
    for (int i = 0; i < 20; i++) {
      halt(group);
      assertThat(leader(id).isHalted()).isTrue();
      group.thaw();
    }
    Files.createFile(work.resolve("go"));
    assertThat(end(shell, attempt, id)).isInstanceOf(End.Succeeded.class);
  }

  /** On a busy machine it gives up before all have come to rest. */
  private static void halt(ProcessGroup group) throws IOException, InterruptedException {
    while (!group.freeze()) {
      group.thaw();
    }
  }
}
