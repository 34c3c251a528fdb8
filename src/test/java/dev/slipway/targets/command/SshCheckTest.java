package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.check.CheckResult;
import dev.slipway.check.CheckRunner;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A login that runs nothing: host key, user key, and who may read the key. */
class SshCheckTest extends SshFixture {
  private List<CheckResult> check(SshConfig config) throws InterruptedException {
    return new CheckRunner(Duration.ofSeconds(60)).run(new SshCheck("ssh", config).checks());
  }

  @Test
  void a_server_with_the_known_key_that_lets_us_in_is_well() throws Exception {
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));

    assertThat(check(config("touch ran")))
        .containsExactly(
            new CheckResult.Ok(
                "ssh",
                "deploy@localhost:%d has the known host key and lets us in"
                    .formatted(server.port())),
            new CheckResult.Ok("ssh, key file", keyFile + " can be read by its owner only"));
    assertThat(server.executed).isEmpty();
  }

  @Test
  void another_host_key_is_a_failure() throws Exception {
    SshConfig config = config("exit 0");
    server.known(knownHosts, SshdInTest.ed25519());

    assertThat(check(config).getFirst())
        .isInstanceOf(CheckResult.Failure.class)
        .extracting(CheckResult::detail)
        .asString()
        .contains("is not the one in " + knownHosts);
  }

  @Test
  void a_key_that_is_not_let_in_and_that_all_can_read_is_told() throws Exception {
    Files.delete(keyFile);
    SshdInTest.write(SshdInTest.ed25519(), keyFile, "");
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r--r--"));

    List<CheckResult> results = check(config("exit 0"));

    assertThat(results.getFirst())
        .isInstanceOf(CheckResult.Failure.class)
        .extracting(CheckResult::detail)
        .asString()
        .contains("does not let deploy in with the key " + keyFile);
    assertThat(results.getLast()).isInstanceOf(CheckResult.Warning.class);
  }

  @Test
  void a_server_that_is_away_is_a_failure() throws Exception {
    int port = server.port();
    server.close();

    assertThat(check(config("localhost", port, "exit 0")).getFirst())
        .isInstanceOf(CheckResult.Failure.class)
        .extracting(CheckResult::detail)
        .asString()
        .startsWith("no SSH connection to localhost:" + port);
  }
}
