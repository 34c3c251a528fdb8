package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.targets.Launches;
import dev.slipway.time.SettableTime;
import dev.slipway.time.SystemTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server, a key to it, and a target that uses both. */
abstract class SshFixture {
  static final CommandTimings QUICK =
      new CommandTimings(Duration.ofMillis(300), Duration.ofMillis(400), 1 << 20);

  /** No test waits for it. */
  static final Duration SILENCE = Duration.ofSeconds(40);

  @TempDir Path home;
  final SettableTime clock = SettableTime.withRealWaits(Attempts.SINCE);
  final RecordingLog log = new RecordingLog();
  KeyPair hostKey;
  KeyPair userKey;
  SshdInTest server;
  Path keyFile;
  Path knownHosts;
  Ssh ssh;

  @BeforeEach
  void set_up() throws Exception {
    hostKey = SshdInTest.ed25519();
    userKey = SshdInTest.ed25519();
    server = new SshdInTest(home, List.of(hostKey), userKey.getPublic());
    keyFile = SshdInTest.write(userKey, home.resolve("id_ed25519"), "");
    knownHosts = server.known(home.resolve("known_hosts"), hostKey);
    ssh = ssh("exit 0");
  }

  @AfterEach
  void tear_down() throws Exception {
    ssh.close();
    server.close();
  }

  SshConfig config(String command) {
    return config("localhost", server.port(), command);
  }

  SshConfig config(String host, int port, String command) {
    return new SshConfig(
        host,
        port,
        "deploy",
        keyFile,
        knownHosts,
        command,
        Duration.ofMinutes(30),
        Duration.ofMinutes(10),
        ShellFixture.LIMITS);
  }

  Ssh ssh(String command) {
    if (ssh != null) {
      ssh.close();
    }
    ssh = new Ssh("ssh", config(command), clock, QUICK, SILENCE);
    return ssh;
  }

  String started(Attempt attempt) throws Exception {
    StartAnswer answer = Launches.launch(ssh, attempt);
    assertThat(answer).isInstanceOf(Verdict.Accepted.class);
    return ((Verdict.Accepted) answer).id();
  }

  End end(String command, Attempt attempt) throws Exception {
    ssh(command);
    return end(attempt, started(attempt));
  }

  End end(Attempt attempt, String id) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (System.nanoTime() < until) {
      if (ssh.poll(attempt, id, log) instanceof PollResult.Over(End end)) {
        return end;
      }
    }
    throw new AssertionError("not over; output so far: " + log.text());
  }

  void await_output(Attempt attempt, String id, String text) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (!log.text().contains(text)) {
      assertThat(ssh.poll(attempt, id, log)).isInstanceOf(PollResult.Going.class);
      assertThat(System.nanoTime()).as("waiting for " + text).isLessThan(until);
    }
  }

  long number(String name) throws Exception {
    return Long.parseLong(Files.readString(home.resolve(name)).strip());
  }

  static boolean is_alive(long pid) {
    try {
      return ProcessIdentity.Stat.of(pid).filter(stat -> !stat.isDead()).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(until);
      new SystemTime().sleep(Duration.ofMillis(10));
    }
  }
}
