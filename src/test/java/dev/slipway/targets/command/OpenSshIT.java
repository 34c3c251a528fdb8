package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.targets.Launches;
import dev.slipway.time.SettableTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands over the server that most machines have, and its limits. */
class OpenSshIT {
  @TempDir Path folder;
  private final SettableTime clock = SettableTime.withRealWaits(Attempts.SINCE);
  private final KeyPair hostKey = SshdInTest.ed25519();
  private final KeyPair userKey = SshdInTest.ed25519();

  OpenSshIT() throws Exception {}

  private OpenSsh server(String... settings) throws Exception {
    return OpenSsh.orSkip(folder, hostKey, userKey.getPublic(), List.of(settings));
  }

  private Ssh ssh(OpenSsh server, String command) throws Exception {
    SshConfig config =
        new SshConfig(
            "127.0.0.1",
            server.port(),
            System.getProperty("user.name"),
            SshdInTest.write(userKey, folder.resolve("id_ed25519"), ""),
            server.known(folder.resolve("known_hosts"), hostKey),
            command,
            Duration.ofMinutes(30),
            Duration.ofMinutes(10),
            ShellFixture.LIMITS);
    return new Ssh("ssh", config, clock, SshFixture.QUICK, Duration.ofSeconds(20));
  }

  private static End end(Ssh ssh, Attempt attempt, RecordingLog log) throws Exception {
    StartAnswer answer = Launches.launch(ssh, attempt);
    while (answer instanceof StartAnswer.Busy busy && isFull(busy.reason())) {
      answer = Launches.launch(ssh, attempt);
    }
    assertThat(answer).isInstanceOf(Verdict.Accepted.class);
    String id = ((Verdict.Accepted) answer).id();
    while (true) {
      PollResult seen = ssh.poll(attempt, id, log);
      if (seen instanceof PollResult.Over(End end)) {
        return end;
      }
      if (!(seen instanceof PollResult.Unseen unseen && isFull(unseen.reason()))) {
        assertThat(seen).isInstanceOf(PollResult.Going.class);
      }
    }
  }

  /** On a busy machine sshd notices the end of a channel late, and refuses the next one. */
  private static boolean isFull(String reason) {
    return reason.contains("opens no further channel");
  }

  /** Runs as many commands at once, each of which waits for all others. */
  private void all_at_once(Ssh ssh, int count) throws Exception {
    List<Future<End>> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        Attempt attempt = Attempts.plain();
        ends.add(threads.submit(() -> end(ssh, attempt, new RecordingLog())));
      }
      for (Future<End> end : ends) {
        assertThat(end.get(100, TimeUnit.SECONDS))
            .isEqualTo(new End.Succeeded(null, "Command finished"));
      }
    }
  }

  private String rendezvous(int count) throws Exception {
    Path here = Files.createDirectory(folder.resolve("here"));
    return "cd "
        + here
        + "; touch $$; while [ $(ls | wc -l) -lt "
        + count
        + " ]; do sleep 0.2; done";
  }

  @Test
  void fifteen_deployments_at_once_share_a_few_connections() throws Exception {
    try (OpenSsh server = server();
        Ssh ssh = ssh(server, rendezvous(15))) {
      all_at_once(ssh, 15);
      // Two are enough, but a channel may be refused
      assertThat(server.logins()).isBetween(2L, 7L);
      assertThat(ssh.connections()).as("kept").isEqualTo(1);
      try (Stream<Path> runs = Files.list(folder.resolve("home/.slipway"))) {
        assertThat(runs.filter(Files::isDirectory)).hasSize(15);
      }
    }
  }

  @Test
  void a_server_that_opens_fewer_channels_gets_more_connections() throws Exception {
    try (OpenSsh server = server("MaxSessions 2");
        Ssh ssh = ssh(server, rendezvous(6))) {
      all_at_once(ssh, 6);
    }
  }

  @Test
  void a_server_that_opens_no_channel_at_all_is_busy() throws Exception {
    try (OpenSsh server = server("MaxSessions 0");
        Ssh ssh = ssh(server, "touch begun")) {
      Attempt attempt = Attempts.plain();
      assertThat(Launches.launch(ssh, attempt))
          .isInstanceOfSatisfying(
              StartAnswer.Busy.class,
              busy -> assertThat(busy.reason()).contains("opens no further channel"));
      assertThat(ssh.lookUp(attempt, new RecordingLog()))
          .isInstanceOf(LookupResult.Unreachable.class);
    }
  }

  @Test
  void a_stopped_command_is_gone() throws Exception {
    try (OpenSsh server = server();
        Ssh ssh = ssh(server, "trap 'echo bye; exit 1' TERM; echo up; sleep 600 & wait")) {
      Attempt attempt = Attempts.plain();
      RecordingLog log = new RecordingLog();
      String id = ((Verdict.Accepted) Launches.launch(ssh, attempt)).id();
      while (!log.text().contains("up")) {
        assertThat(ssh.poll(attempt, id, log)).isInstanceOf(PollResult.Going.class);
      }
      assertThat(ssh.stop(attempt, id, log))
          .isEqualTo(new StopResult.Done("the command was stopped"));
      assertThat(log.text()).isEqualTo("up\nbye\n");
    }
  }
}
