package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the container image adds to the jar: a first process, and a health check. */
class ImageIT {
  private static final List<String> CONTAINER =
      List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "tini", "--");

  @TempDir Path folder;

  private static int health(int port) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("bash", "src/main/docker/health.sh");
    builder.environment().put("PORT", Integer.toString(port));
    Process process = builder.redirectErrorStream(true).start();
    assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void the_health_check_tells_a_server_that_lives_from_one_that_does_not() throws Exception {
    try (SlipwayServer world = new SlipwayServer(folder)) {
      world.set("DEPLOY_CMD", "exit 0").start();
      int port = world.at("/").getPort();
      assertThat(health(port)).isZero();
      world.stop();
      assertThat(health(port)).isNotZero();
    }
  }

  @Test
  void the_health_check_fails_where_something_else_answers() throws Exception {
    try (SlipwayServer world = new SlipwayServer(folder)) {
      assertThat(health(world.services.getPort())).isNotZero();
    }
  }

  @Test
  void what_commands_leave_behind_is_reaped() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/tini")), "there is no tini");
    Assumptions.assumeTrue(
        new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true").start().waitFor()
            == 0,
        "this user may not make a PID namespace");
    Path count = folder.resolve("zombies");
    String command =
        "sleep 0.01 & setsid sleep 0.01 & (sleep 0.01 &); for i in 1 2 3 4 5 6 7 8 9 10; do"
            + " grep -l '^State:.Z' /proc/[0-9]*/status | wc -l >"
            + count
            + "; [ $(cat "
            + count
            + ") = 0 ] && exit 0; sleep 0.5; done";
    try (SlipwayServer world = new SlipwayServer(folder)) {
      world.set("DEPLOY_CMD", command);
      try (JarProcess jar = JarProcess.start(CONTAINER, world.environment(), folder)) {
        for (int id = 42; id < 47; id++) {
          assertThat(jar.deliver(SlipwayServer.event(id, "production", SlipwayServer.SHA)))
              .isEqualTo(202);
          assertThat(world.awaitEnd(id).getLast().state()).isEqualTo("success");
          assertThat(count).hasContent("0");
        }
      }
    }
  }
}
