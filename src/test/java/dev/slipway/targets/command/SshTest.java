package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.targets.Fence;
import dev.slipway.targets.FencedException;
import dev.slipway.targets.Launches;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshTest extends SshFixture {
  private static KeyPair rsaHost;

  @BeforeAll
  static void make_an_rsa_key() throws Exception {
    rsaHost = SshdInTest.rsa();
  }

  private String refusal() throws Exception {
    StartAnswer answer = Launches.launch(ssh, Attempts.plain());
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
    KeyPair rsaUser = SshdInTest.rsa();
    server = new SshdInTest(home, List.of(rsaHost), rsaUser.getPublic());
    keyFile = SshdInTest.write(rsaUser, home.resolve("id_rsa"), "");
    knownHosts = server.known(home.resolve("known_hosts"), rsaHost);
    assertThat(end("exit 0", Attempts.plain())).isInstanceOf(End.Succeeded.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void the_one_host_key_that_is_known_is_asked_for(int known) throws Exception {
    server.close();
    List<KeyPair> both = List.of(rsaHost, SshdInTest.ed25519());
    server = new SshdInTest(home, both, userKey.getPublic());
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
    server.known(knownHosts, SshdInTest.ed25519());
    assertThat(refusal())
        .contains(knownHosts.toString(), KeyUtils.getFingerPrint(hostKey.getPublic()));
  }

  @Test
  void a_key_that_the_server_does_not_know_is_refused() throws Exception {
    SshdInTest.write(SshdInTest.ed25519(), keyFile, "");
    assertThat(refusal()).contains("does not let deploy in", keyFile.toString(), "authorized_keys");
  }

  private String busy() throws Exception {
    StartAnswer answer = Launches.launch(ssh, Attempts.plain());
    assertThat(answer).isInstanceOf(StartAnswer.Busy.class);
    assertThat(server.executed).isEmpty();
    return ((StartAnswer.Busy) answer).reason();
  }

  @Test
  void a_host_that_cannot_be_resolved_is_asked_for_again() throws Exception {
    ssh.close();
    ssh = new Ssh("ssh", config("nowhere.invalid", 22, "exit 0"), clock, QUICK, SILENCE);
    assertThat(busy()).startsWith("no SSH connection to nowhere.invalid:22: ");
  }

  @Test
  void a_server_that_is_down_is_asked_again_and_starts_the_command_once_it_is_up()
      throws Exception {
    server.die();
    Attempt attempt = Attempts.plain();
    assertThat(Launches.launch(ssh, attempt))
        .isInstanceOfSatisfying(
            StartAnswer.Busy.class,
            busy ->
                assertThat(busy.reason())
                    .startsWith("no SSH connection to localhost:" + server.port()));
    server.rise();
    assertThat(Launches.launch(ssh, attempt)).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void a_host_key_that_was_turned_down_is_forgotten_with_the_next_connection() throws Exception {
    server.known(knownHosts, SshdInTest.ed25519());
    assertThat(refusal()).contains("host key");
    server.die();
    assertThat(busy()).startsWith("no SSH connection to localhost").doesNotContain("host key");
  }

  @Test
  void the_fence_is_confirmed_once_there_is_a_connection_and_before_anything_is_sent()
      throws Exception {
    Fence lost =
        () -> {
          throw new FencedException(new IOException("taken over by another worker"));
        };
    assertThatExceptionOfType(FencedException.class)
        .isThrownBy(() -> Launches.launch(ssh, Attempts.plain(), lost));
    assertThat(server.executed).isEmpty();
    assertThat(ssh.connections()).isEqualTo(1);
  }

  @Test
  void all_problems_of_the_settings_are_told_at_once() throws Exception {
    Path locked = SshdInTest.write(userKey, home.resolve("locked"), "a passphrase");
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
            ShellFixture.LIMITS);
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
    assertThat(Launches.launch(ssh, Attempts.plain()))
        .isEqualTo(
            new Verdict.Refused("deploy@localhost does not run commands: This account is closed"));
  }

  // More than a connection takes while nobody reads it, too
  @ParameterizedTest
  @ValueSource(ints = {1, 10_000_000})
  void a_home_that_cannot_be_written_is_refused(int length) throws Exception {
    Files.writeString(home.resolve(".slipway"), "a file is in the way");
    String payload = "{\"x\":\"" + "y".repeat(length) + "\"}";
    assertThat(Launches.launch(ssh, Attempts.hostile("main", payload)))
        .isEqualTo(new Verdict.Refused("deploy@localhost cannot write to " + home + "/.slipway"));
  }
}
