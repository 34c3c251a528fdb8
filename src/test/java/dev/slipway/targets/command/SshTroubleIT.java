package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.targets.Launches;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Commands on a server that do not end, and connections that do. */
@Order(1) // takes long
class SshTroubleIT extends SshFixture {
  @Test
  void a_restarted_slipway_goes_on_where_the_last_one_stopped() throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("echo one; while [ ! -e go ]; do sleep 0.05; done; echo two; exit 4");
    String id = started(attempt);
    await_output(attempt, id, "one\n");
    // The look after tells the server how far the output was received
    assertThat(ssh.poll(attempt, id, log)).isInstanceOf(PollResult.Going.class);
    ssh("not the same command");
    assertThat(ssh.lookUp(attempt, log)).isInstanceOf(LookupResult.Found.class);
    assertThat(ssh.poll(attempt, id, log)).isInstanceOf(PollResult.Going.class);
    Files.createFile(home.resolve("go"));
    assertThat(end(attempt, id)).isEqualTo(new End.Failed("Command exited with 4"));
    assertThat(log.text()).isEqualTo("one\ntwo\n");
    ssh("not the same command");
    assertThat(end(attempt, id)).as("asked again").isInstanceOf(End.Failed.class);
  }

  @Test
  void a_command_outlives_a_server_that_dies_in_the_middle() throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("echo one; while [ ! -e go ]; do sleep 0.05; done; echo two");
    String id = started(attempt);
    await_output(attempt, id, "one\n");
    server.die();
    Files.createFile(home.resolve("go"));
    assertThat(ssh.poll(attempt, id, log)).isInstanceOf(PollResult.Unseen.class);
    server.rise();
    assertThat(end(attempt, id)).isInstanceOf(End.Succeeded.class);
    assertThat(log.text()).isEqualTo("one\ntwo\n");
  }

  @Test
  void a_network_that_goes_dead_is_noticed() throws Exception {
    try (SeverableNetwork wire = new SeverableNetwork(server.port())) {
      SshdInTest.known(knownHosts, wire.port(), hostKey);
      SshConfig config = config("localhost", wire.port(), "echo up; sleep 600");
      try (Ssh target = new Ssh("ssh", config, clock, QUICK, Duration.ofSeconds(3))) {
        Attempt attempt = Attempts.plain();
        assertThat(Launches.launch(target, attempt)).isInstanceOf(Verdict.Accepted.class);
        String id = RunId.of(attempt).toString();
        assertThat(target.poll(attempt, id, log)).isInstanceOf(PollResult.Going.class);
        wire.cut();
        assertThat(target.poll(attempt, id, log))
            .isInstanceOfSatisfying(
                PollResult.Unseen.class, unseen -> assertThat(unseen.reason()).contains("lost: "));
        server.known(knownHosts, hostKey);
        assertThat(ssh.stop(attempt, id, log))
            .isEqualTo(new StopResult.Done("the command was stopped"));
      }
    }
  }

  @Test
  void a_server_that_stays_away_ends_as_unknown_and_says_where_to_look() throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("exit 0");
    String id = started(attempt);
    server.die();
    assertThat(ssh.poll(attempt, id, log)).isInstanceOf(PollResult.Unseen.class);
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(30)));
    assertThat(ssh.poll(attempt, id, log))
        .isInstanceOfSatisfying(
            PollResult.Over.class,
            over ->
                assertThat(over.end().reason())
                    .startsWith(
                        "Connection lost; outcome unknown. Look at deploy@localhost:~/.slipway/"
                            + id));
    assertThat(ssh.lookUp(attempt, log)).isInstanceOf(LookupResult.Unreachable.class);
    assertThat(ssh.stop(attempt, id, log))
        .isInstanceOf(StopResult.NotYet.class)
        .extracting(StopResult::outcome, STRING)
        .startsWith("it may still run in deploy@localhost");
  }

  @Test
  void a_command_that_runs_too_long_is_ended_even_if_it_ignores_term() throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("trap '' TERM; echo $$ > pid; echo up; while :; do sleep 1; done");
    String id = started(attempt);
    await_output(attempt, id, "up");
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(9)));
    assertThat(ssh.poll(attempt, id, log)).isInstanceOf(PollResult.Going.class);
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(30)));
    assertThat(end(attempt, id))
        .isEqualTo(
            new End.Failed("Timed out after 30 m; raise DEPLOY_SSH_TIMEOUT if it needs longer"));
    assertThat(is_alive(number("pid"))).isFalse();
  }

  @Test
  void the_command_stands_in_no_list_of_processes() throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("echo up; sleep 600 && echo a-password-in-the-command");
    String id = started(attempt);
    await_output(attempt, id, "up");
    assertThat(ShellFixture.arguments()).noneMatch(all -> all.contains("a-password-in-the"));
    assertThat(ssh.stop(attempt, id, log))
        .isEqualTo(new StopResult.Done("the command was stopped"));
  }

  @Test
  void a_silent_command_is_ended() throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("echo up; sleep 600");
    String id = started(attempt);
    await_output(attempt, id, "up");
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(10)));
    assertThat(end(attempt, id).reason()).startsWith("No output for 10 m");
  }

  @Test
  void a_stopped_command_is_gone_with_its_last_words_heard() throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("trap 'echo bye; exit 1' TERM; echo $$ > pid; echo up; sleep 600 & wait");
    String id = started(attempt);
    await_output(attempt, id, "up");
    assertThat(ssh.stop(attempt, id, log))
        .isEqualTo(new StopResult.Done("the command was stopped"));
    assertThat(log.text()).isEqualTo("up\nbye\n");
    assertThat(is_alive(number("pid"))).isFalse();
    assertThat(ssh.stop(attempt, id, log))
        .isEqualTo(new StopResult.Done("the command had already ended"));
  }

  @Test
  void processes_left_behind_are_ended() throws Exception {
    assertThat(end("sleep 600 & echo $! > left; echo done", Attempts.plain()))
        .isInstanceOf(End.Succeeded.class);
    assertThat(is_alive(number("left"))).isFalse();
  }

  @Test
  void an_attempt_that_never_reached_the_server_is_not_there() throws Exception {
    assertThat(ssh.lookUp(Attempts.plain(), log)).isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void a_second_attempt_is_another_run_and_is_found_by_its_own_name() throws Exception {
    Attempt first = Attempts.plain();
    ssh("exit 0");
    assertThat(ssh.lookUp(first, log)).isInstanceOf(LookupResult.NotThere.class);

    Attempt second = Attempts.later(first);
    assertThat(ssh.lookUp(second, log)).as("died again").isInstanceOf(LookupResult.NotThere.class);
    Attempt third = Attempts.later(second);
    assertThat(Launches.launch(ssh, third)).isInstanceOf(Verdict.Accepted.class);

    assertThat(ssh.lookUp(third, log))
        .isInstanceOfSatisfying(
            LookupResult.Found.class,
            found -> assertThat(found.id()).isEqualTo(RunId.of(third).toString()));
    assertThat(end(third, RunId.of(third).toString())).isInstanceOf(End.Succeeded.class);
  }

  @Test
  void an_attempt_that_was_looked_up_before_it_came_through_cannot_start_any_more()
      throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("touch begun");
    server.prelude("while [ ! -e go ]; do sleep 0.05; done");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<StartAnswer> late = threads.submit(() -> Launches.launch(ssh, attempt));
      await(() -> !server.executed.isEmpty());
      server.prelude("");
      try (Ssh other = new Ssh("ssh", config("touch begun"), clock, QUICK, SILENCE)) {
        assertThat(other.lookUp(attempt, log)).isInstanceOf(LookupResult.NotThere.class);
        assertThat(other.lookUp(attempt, log))
            .as("again")
            .isInstanceOf(LookupResult.NotThere.class);
      }
      Files.createFile(home.resolve("go"));
      assertThat(late.get(50, TimeUnit.SECONDS)).isInstanceOf(Verdict.Unknown.class);
    }
    assertThat(home.resolve("begun")).doesNotExist();
  }

  @Test
  void a_connection_that_breaks_during_the_start_leaves_it_unknown_until_it_is_looked_up()
      throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("exit 0");
    server.prelude("while [ ! -e go ]; do sleep 0.05; done");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<StartAnswer> answer = threads.submit(() -> Launches.launch(ssh, attempt));
      await(() -> !server.executed.isEmpty());
      server.die();
      assertThat(answer.get(50, TimeUnit.SECONDS)).isInstanceOf(Verdict.Unknown.class);
    }
    server.prelude("");
    server.rise();
    assertThat(ssh.lookUp(attempt, log)).isInstanceOf(LookupResult.NotThere.class);
    Files.createFile(home.resolve("go"));
  }

  @Test
  void a_server_with_no_room_for_a_channel_is_asked_again() throws Exception {
    server.open_no_channels();
    assertThat(Launches.launch(ssh, Attempts.plain()))
        .isInstanceOfSatisfying(
            StartAnswer.Busy.class,
            busy -> assertThat(busy.reason()).contains("opens no further channel"));
  }

  @Test
  void a_run_that_is_gone_has_an_unknown_outcome() throws Exception {
    assertThat(ssh.poll(Attempts.plain(), "1-1-1795255200123", log))
        .isInstanceOfSatisfying(
            PollResult.Over.class,
            over -> assertThat(over.end().reason()).contains("outcome unknown"));
  }

  @Test
  void a_command_whose_supervisor_was_killed_has_an_unknown_outcome() throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("echo $$ > pid; echo up; sleep 600");
    String id = started(attempt);
    await_output(attempt, id, "up");
    long supervisor =
        Long.parseLong(
            Files.readString(home.resolve(".slipway").resolve(id).resolve("pid"))
                .split(" ", -1)[0]);
    ProcessHandle.of(supervisor).orElseThrow().destroyForcibly();
    assertThat(end(attempt, id))
        .isInstanceOfSatisfying(
            End.Errored.class, end -> assertThat(end.reason()).contains("outcome unknown"));
    assertThat(is_alive(number("pid"))).isFalse();
  }

  @Test
  void a_flood_is_read_whole_and_does_not_fill_the_server() throws Exception {
    long size = 40L << 20;
    Attempt attempt = Attempts.plain();
    ssh("head -c " + size + " /dev/zero; echo end");
    String id = started(attempt);
    Path output = home.resolve(".slipway").resolve(id).resolve("output");
    PollResult seen = ssh.poll(attempt, id, log);
    while (seen instanceof PollResult.Going) {
      seen = ssh.poll(attempt, id, log);
    }
    assertThat(seen).isEqualTo(new PollResult.Over(new End.Succeeded(null, "Command finished")));
    assertThat(log.count).hasValue(size + 4);
    assertThat(output).isEmptyFile();
  }
}
