package dev.slipway.target.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Answer;
import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.Finding;
import dev.slipway.model.Sighting;
import dev.slipway.model.Verdict;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshTest {
  private static final Pace QUICK =
      new Pace(Duration.ofMillis(300), Duration.ofMillis(400), 1 << 20);

  @TempDir Path home;
  private final Attempts.Clock clock = new Attempts.Clock();
  private final Heard log = new Heard();
  private KeyPair hostKey;
  private KeyPair userKey;
  private Server server;
  private Path keyFile;
  private Path knownHosts;
  private Ssh ssh;

  @BeforeEach
  void set_up() throws Exception {
    hostKey = Server.ed25519();
    userKey = Server.ed25519();
    server = new Server(home, List.of(hostKey), userKey.getPublic());
    keyFile = Server.write(userKey, home.resolve("id_ed25519"), "");
    knownHosts = server.known(home.resolve("known_hosts"), hostKey);
    ssh = ssh("exit 0");
  }

  @AfterEach
  void tear_down() throws Exception {
    ssh.close();
    server.close();
  }

  private SshConfig config(String command) {
    return new SshConfig(
        "localhost",
        server.port(),
        "deploy",
        keyFile,
        knownHosts,
        command,
        Duration.ofMinutes(30),
        Duration.ofMinutes(10),
        ShellTest.LIMITS);
  }

  private Ssh ssh(String command) {
    if (ssh != null) {
      ssh.close();
    }
    ssh = new Ssh(config(command), clock, QUICK, Duration.ofSeconds(10));
    return ssh;
  }

  private String started(Attempt attempt) throws Exception {
    Answer answer = ssh.start(attempt, log);
    assertThat(answer).isInstanceOf(Verdict.Accepted.class);
    return ((Verdict.Accepted) answer).id();
  }

  private End end(String command, Attempt attempt) throws Exception {
    ssh(command);
    return end(attempt, started(attempt));
  }

  private End end(Attempt attempt, String id) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (System.nanoTime() < until) {
      if (ssh.poll(attempt, id, log) instanceof Sighting.Over(End end)) {
        return end;
      }
    }
    throw new AssertionError("not over; output so far: " + log.text());
  }

  private void await_output(Attempt attempt, String id, String text) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!log.text().contains(text)) {
      assertThat(ssh.poll(attempt, id, log)).isInstanceOf(Sighting.Going.class);
      assertThat(System.nanoTime()).as("waiting for " + text).isLessThan(until);
    }
  }

  private long number(String name) throws Exception {
    return Long.parseLong(Files.readString(home.resolve(name)).strip());
  }

  private static boolean is_alive(long pid) {
    return Leader.Stat.of(pid).filter(stat -> !stat.isDead()).isPresent();
  }

  private String refusal() throws Exception {
    Answer answer = ssh.start(Attempts.plain(), log);
    assertThat(answer).isInstanceOf(Verdict.Refused.class);
    assertThat(server.executed).isEmpty();
    return ((Verdict.Refused) answer).reason();
  }

  @Test
  void a_command_that_ends_well_has_succeeded_and_its_output_is_heard() throws Exception {
    assertThat(end("echo out; echo err >&2", Attempts.plain()))
        .isEqualTo(new End.Succeeded(null, "Command finished"));
    assertThat(log.text()).isEqualTo("out\nerr\n");
  }

  @Test
  void a_command_answers_through_its_output_file_and_the_log_does_not_show_it() throws Exception {
    End end =
        end(
            "echo environment_url=https://app.example/ > $SLIPWAY_OUTPUT;"
                + " echo description=Live >> $SLIPWAY_OUTPUT; echo hello",
            Attempts.plain());
    assertThat(end).isEqualTo(new End.Succeeded(URI.create("https://app.example/"), "Live"));
    assertThat(log.text()).isEqualTo("hello\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 3          | Command exited with 3",
        "kill -TERM $$   | Command was killed by SIGTERM (exit code 143)",
        "no-such-command | Command exited with 127, command not found: change DEPLOY_SSH_COMMAND",
      })
  void a_command_that_ends_badly_has_failed(String command, String reason) throws Exception {
    assertThat(end(command, Attempts.plain())).isEqualTo(new End.Failed(reason));
  }

  @Test
  void an_rsa_key_and_an_rsa_host_key_will_do() throws Exception {
    server.close();
    KeyPair rsaHost = Server.rsa();
    KeyPair rsaUser = Server.rsa();
    server = new Server(home, List.of(rsaHost), rsaUser.getPublic());
    keyFile = Server.write(rsaUser, home.resolve("id_rsa"), "");
    knownHosts = server.known(home.resolve("known_hosts"), rsaHost);
    assertThat(end("exit 0", Attempts.plain())).isInstanceOf(End.Succeeded.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void the_one_host_key_that_is_known_is_asked_for(int known) throws Exception {
    server.close();
    List<KeyPair> both = List.of(Server.rsa(), Server.ed25519());
    server = new Server(home, both, userKey.getPublic());
    knownHosts = server.known(home.resolve("known_hosts"), both.get(known));
    assertThat(end("exit 0", Attempts.plain())).isInstanceOf(End.Succeeded.class);
  }

  @Test
  void a_server_that_is_not_known_is_refused() throws Exception {
    Files.writeString(knownHosts, "");
    assertThat(refusal())
        .contains(knownHosts.toString(), KeyUtils.getFingerPrint(hostKey.getPublic()), "host key");
    assertThat(knownHosts).isEmptyFile();
  }

  @Test
  void a_server_whose_key_changed_is_refused() throws Exception {
    server.known(knownHosts, Server.ed25519());
    assertThat(refusal())
        .contains(knownHosts.toString(), KeyUtils.getFingerPrint(hostKey.getPublic()));
  }

  @Test
  void a_key_that_the_server_does_not_know_is_refused() throws Exception {
    Server.write(Server.ed25519(), keyFile, "");
    assertThat(refusal()).contains("does not let deploy in", keyFile.toString(), "authorized_keys");
  }

  @Test
  void a_server_that_is_down_is_refused() throws Exception {
    server.die();
    assertThat(refusal()).startsWith("no SSH connection to localhost:" + server.port());
  }

  @Test
  void all_problems_of_the_settings_are_told_at_once() throws Exception {
    Path locked = Server.write(userKey, home.resolve("locked"), "a passphrase");
    SshConfig bad =
        new SshConfig(
            " ",
            70_000,
            "",
            locked,
            home.resolve("nowhere"),
            "",
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            ShellTest.LIMITS);
    assertThat(Ssh.problems(bad))
        .hasSize(6)
        .anyMatch(problem -> problem.contains("DEPLOY_SSH_HOST"))
        .anyMatch(problem -> problem.contains("70000"))
        .anyMatch(problem -> problem.contains("DEPLOY_SSH_USER"))
        .anyMatch(problem -> problem.contains("DEPLOY_SSH_COMMAND"))
        .anyMatch(problem -> problem.contains("nowhere"))
        .anyMatch(problem -> problem.contains("locked") && problem.contains("passphrase"));
    assertThat(Ssh.problems(config("exit 0"))).isEmpty();
  }

  @Test
  void a_key_file_that_is_missing_or_no_key_is_a_problem() throws Exception {
    Files.delete(keyFile);
    assertThat(Ssh.problems(config("exit 0")))
        .singleElement()
        .asString()
        .contains("does not exist", "DEPLOY_SSH_KEY_FILE");
    Files.writeString(keyFile, "-----BEGIN OPENSSH PRIVATE KEY-----\nnope\n");
    assertThat(Ssh.problems(config("exit 0")))
        .singleElement()
        .asString()
        .contains("no private key")
        .doesNotContain("nope");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$(touch pwned)",
        "`touch pwned`",
        "; touch pwned #",
        "'; touch pwned; '",
        "a'b\"c\\d\\n",
        "two\nlines\n\n",
        "-n",
        "../../etc/passwd",
        "%n%s",
        "Ünïcödé \uD83D\uDE80",
        ".",
        "",
      })
  void hostile_values_arrive_as_they_are_and_nothing_parses_them(String value) throws Exception {
    String names = "SLIPWAY_REF SLIPWAY_TASK SLIPWAY_PAYLOAD SLIPWAY_DESCRIPTION";
    String command =
        "for name in "
            + names
            + "; do eval \"printf %s \\\"\\$$name\\\"\" > $name; done;"
            + " cp $SLIPWAY_PAYLOAD_FILE file";
    assertThat(end(command, Attempts.hostile(value, value))).isInstanceOf(End.Succeeded.class);
    for (String name : (names + " SLIPWAY_PAYLOAD").split(" ", -1)) {
      assertThat(Files.readString(home.resolve(name))).as(name).isEqualTo(value);
    }
    assertThat(Files.readString(home.resolve("file"))).isEqualTo(value);
    assertThat(home.resolve("pwned")).doesNotExist();
    assertThat(server.executed)
        .allSatisfy(line -> assertThat(line).doesNotContain("pwned", "SLIPWAY_REF"));
  }

  @Test
  void a_payload_too_large_for_an_environment_comes_in_a_file() throws Exception {
    String payload = "{\"x\":\"" + "y".repeat(300_000) + "\"}";
    end(
        "echo \"[$SLIPWAY_PAYLOAD]\"; cp $SLIPWAY_PAYLOAD_FILE payload",
        Attempts.hostile("main", payload));
    assertThat(log.text()).isEqualTo("[]\n");
    assertThat(Files.readString(home.resolve("payload"))).isEqualTo(payload);
  }

  @Test
  void what_a_login_shell_says_is_no_part_of_the_log() throws Exception {
    server.prelude("echo Welcome >&2");
    assertThat(end("echo hello", Attempts.plain())).isInstanceOf(End.Succeeded.class);
    assertThat(log.text()).isEqualTo("hello\n");
  }

  @Test
  void an_account_without_a_shell_is_refused_with_its_words() throws Exception {
    server.prelude("echo This account is closed >&2; exit 1");
    assertThat(ssh.start(Attempts.plain(), log))
        .isEqualTo(
            new Verdict.Refused("deploy@localhost does not run commands: This account is closed"));
  }

  @Test
  void a_home_that_cannot_be_written_is_refused() throws Exception {
    Files.writeString(home.resolve(".slipway"), "a file is in the way");
    assertThat(ssh.start(Attempts.plain(), log))
        .isEqualTo(new Verdict.Refused("deploy@localhost cannot write to " + home + "/.slipway"));
  }

  @Test
  void a_restarted_slipway_goes_on_where_the_last_one_stopped() throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("echo one; while [ ! -e go ]; do sleep 0.05; done; echo two; exit 4");
    String id = started(attempt);
    await_output(attempt, id, "one\n");
    // The look after tells the server how far the output was received
    assertThat(ssh.poll(attempt, id, log)).isInstanceOf(Sighting.Going.class);
    ssh("not the same command");
    assertThat(ssh.find(attempt, log)).isInstanceOf(Finding.Found.class);
    assertThat(ssh.poll(attempt, id, log)).isInstanceOf(Sighting.Going.class);
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
    assertThat(ssh.poll(attempt, id, log)).isInstanceOf(Sighting.Unseen.class);
    server.rise();
    assertThat(end(attempt, id)).isInstanceOf(End.Succeeded.class);
    assertThat(log.text()).isEqualTo("one\ntwo\n");
  }

  @Test
  void a_server_that_stays_away_ends_as_unknown_and_says_where_to_look() throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("exit 0");
    String id = started(attempt);
    server.die();
    assertThat(ssh.poll(attempt, id, log)).isInstanceOf(Sighting.Unseen.class);
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(30)));
    assertThat(ssh.poll(attempt, id, log))
        .isInstanceOfSatisfying(
            Sighting.Over.class,
            over ->
                assertThat(over.end().reason())
                    .startsWith(
                        "Connection lost; outcome unknown. Look at deploy@localhost:~/.slipway/"
                            + id));
    assertThat(ssh.find(attempt, log)).isInstanceOf(Finding.Unreachable.class);
    assertThat(ssh.stop(attempt, id, log)).startsWith("it may still run in deploy@localhost");
  }

  @Test
  void a_command_that_runs_too_long_is_ended_even_if_it_ignores_term() throws Exception {
    Attempt attempt = Attempts.plain();
    ssh("trap '' TERM; echo $$ > pid; echo up; while :; do sleep 1; done");
    String id = started(attempt);
    await_output(attempt, id, "up");
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(9)));
    assertThat(ssh.poll(attempt, id, log)).isInstanceOf(Sighting.Going.class);
    clock.set(Attempts.SINCE.plus(Duration.ofMinutes(30)));
    assertThat(end(attempt, id))
        .isEqualTo(
            new End.Failed("Timed out after 30 m; raise DEPLOY_CMD_TIMEOUT if it needs longer"));
    assertThat(is_alive(number("pid"))).isFalse();
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
    assertThat(ssh.stop(attempt, id, log)).isEqualTo("the command was stopped");
    assertThat(log.text()).isEqualTo("up\nbye\n");
    assertThat(is_alive(number("pid"))).isFalse();
    assertThat(ssh.stop(attempt, id, log)).isEqualTo("the command had already ended");
  }

  @Test
  void processes_left_behind_are_ended() throws Exception {
    assertThat(end("sleep 600 & echo $! > left; echo done", Attempts.plain()))
        .isInstanceOf(End.Succeeded.class);
    assertThat(is_alive(number("left"))).isFalse();
  }

  @Test
  void an_attempt_that_never_reached_the_server_is_not_there() throws Exception {
    assertThat(ssh.find(Attempts.plain(), log)).isInstanceOf(Finding.NotThere.class);
    Attempt attempt = Attempts.plain();
    Path run = home.resolve(".slipway").resolve(RunId.of(attempt).toString());
    Files.createDirectories(run);
    assertThat(ssh.find(attempt, log)).isInstanceOf(Finding.NotThere.class);
    assertThat(run).as("so that a late supervisor cannot claim it").doesNotExist();
  }

  @Test
  void a_run_that_is_gone_has_an_unknown_outcome() throws Exception {
    assertThat(ssh.poll(Attempts.plain(), "1-1-1795255200123", log))
        .isInstanceOfSatisfying(
            Sighting.Over.class,
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
    long size = 100L << 20;
    Attempt attempt = Attempts.plain();
    ssh("head -c " + size + " /dev/zero; echo end");
    String id = started(attempt);
    Path output = home.resolve(".slipway").resolve(id).resolve("output");
    Sighting seen = ssh.poll(attempt, id, log);
    while (seen instanceof Sighting.Going) {
      seen = ssh.poll(attempt, id, log);
    }
    assertThat(seen).isEqualTo(new Sighting.Over(new End.Succeeded(null, "Command finished")));
    assertThat(log.count).hasValue(size + 4);
    assertThat(output).isEmptyFile();
  }
}
