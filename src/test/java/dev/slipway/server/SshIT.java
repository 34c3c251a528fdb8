package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.targets.command.SshdInTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signed delivery in, a command run on a real SSH server, exact statuses out. */
class SshIT {
  @TempDir Path folder;
  @TempDir Path home;
  private SshdInTest yourServer;

  @BeforeEach
  void start() throws Exception {
    KeyPair hostKey = SshdInTest.ed25519();
    KeyPair userKey = SshdInTest.ed25519();
    yourServer = new SshdInTest(home, List.of(hostKey), userKey.getPublic());
    SshdInTest.write(userKey, folder.resolve("id_ed25519"), "");
    yourServer.known(folder.resolve("known_hosts"), hostKey);
  }

  @AfterEach
  void stop() throws Exception {
    yourServer.close();
  }

  private SlipwayServer world(String command) {
    return new SlipwayServer(folder)
        .set("DEPLOY_SSH_HOST", "localhost")
        .set("DEPLOY_SSH_PORT", Integer.toString(yourServer.port()))
        .set("DEPLOY_SSH_USER", "deploy")
        .set("DEPLOY_SSH_KEY_FILE", "id_ed25519")
        .set("DEPLOY_SSH_KNOWN_HOSTS_FILE", "known_hosts")
        .set("DEPLOY_SSH_COMMAND", command);
  }

  @Test
  void the_command_runs_on_your_server_with_the_commit_in_its_environment() throws Exception {
    try (SlipwayServer world =
        world(
            "printf '%s %s' \"$SLIPWAY_SHA\" \"$SLIPWAY_REF\" > deployed; echo rolling out;"
                + " echo environment_url=https://hello.example/ > \"$SLIPWAY_OUTPUT\"")) {
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(posted.getLast().body().path("environment_url").asString())
          .isEqualTo("https://hello.example/");
      assertThat(Files.readString(home.resolve("deployed"))).isEqualTo(SlipwayServer.SHA + " main");
      assertThat(world.plainLog(posted.getFirst().logUrl())).contains("rolling out");
      // What strangers wrote is no part of any command line
      assertThat(yourServer.executed)
          .isNotEmpty()
          .noneMatch(line -> line.contains(SlipwayServer.SHA));
    }
  }

  @Test
  void a_command_that_fails_there_is_a_failure_and_does_not_fall_through() {
    try (SlipwayServer world = world("echo no; exit 4").set("DEPLOY_CMD", "echo must not run")) {
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "failure");
      assertThat(posted.getLast().description()).contains("4");
      assertThat(world.plainLog(posted.getFirst().logUrl())).doesNotContain("must not run");
    }
  }

  @Test
  void a_server_with_another_host_key_gets_no_command_and_the_shell_takes_over() throws Exception {
    yourServer.known(folder.resolve("known_hosts"), SshdInTest.ed25519());
    try (SlipwayServer world = world("echo never").set("DEPLOY_CMD", "echo shell does it")) {
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted.stream().map(SlipwayServer.Posted::state).distinct())
          .containsExactly("in_progress", "success");
      assertThat(posted.get(posted.size() - 2).description())
          .startsWith("Trying shell; ssh refused");
      assertThat(yourServer.executed).isEmpty();
    }
  }
}
