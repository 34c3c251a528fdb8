package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signed delivery in, the shell's command run, statuses and log out. */
class ShellIT {
  @TempDir Path folder;

  @Test
  void a_command_that_ends_well_is_a_success() {
    try (SlipwayServer world = new SlipwayServer(folder)) {
      world
          .set(
              "DEPLOY_CMD",
              "echo deploying $SLIPWAY_SHA of $SLIPWAY_REF;"
                  + " echo environment_url=https://hello.example/ > \"$SLIPWAY_OUTPUT\"")
          .start();

      var answer = world.deliver(SlipwayServer.event());

      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(SlipwayServer.json(answer.body()).path("decision").asString())
          .isEqualTo("accepted");
      List<SlipwayServer.Posted> posted = world.awaitEnd();
      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(posted.getLast().body().path("environment_url").asString())
          .isEqualTo("https://hello.example/");
      assertThat(posted)
          .allSatisfy(p -> assertThat(p.body().path("auto_inactive").asBoolean()).isTrue());
      assertThat(posted).allSatisfy(p -> assertThat(p.body().has("environment")).isFalse());
      assertThat(posted)
          .extracting(SlipwayServer.Posted::logUrl)
          .containsOnly(posted.getFirst().logUrl());
      assertThat(world.plainLog(posted.getFirst().logUrl()))
          .contains("deploying " + SlipwayServer.SHA + " of main")
          .contains("Succeeded");
      assertThat(world.get(URI.create(world.onThisPort(posted.getLast().logUrl()))).body())
          .contains("octo-org/hello-world")
          .contains("deploying " + SlipwayServer.SHA);
      assertThat(world.calls()).isEmpty();
    }
  }

  @Test
  void a_command_that_fails_is_a_failure_with_its_exit_code() {
    try (SlipwayServer world = new SlipwayServer(folder)) {
      world.set("DEPLOY_CMD", "echo no; exit 3").start();
      world.deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "failure");
      assertThat(posted.getLast().description()).contains("3");
    }
  }

  @Test
  void what_the_command_is_handed_is_in_no_log() {
    String key = "wJalrXUtnFEMI7MDENGbPxRfiCYzEXAMPLEKEY01";
    String url = "postgres://app:hunter2hunter2@db/app";
    try (SlipwayServer world =
        new SlipwayServer(folder)
            .set("AWS_SECRET_ACCESS_KEY", key)
            .set("DB_URL", url)
            .set("DEPLOY_CMD_ENV", "AWS_SECRET_ACCESS_KEY,DB_URL")
            .set(
                "DEPLOY_CMD",
                "set -x; env; : $DB_URL; printf %s \"$AWS_SECRET_ACCESS_KEY\" | base64; "
                    + "printf %s \"$DB_URL\" | od -An -tx1; echo \"canary ${#DB_URL}\"")) {
      world.start().deliver(SlipwayServer.event());
      String log = world.plainLog(world.awaitEnd().getLast().logUrl());

      assertThat(log).contains("canary " + url.length(), "DB_URL=***");
      assertThat(log)
          .doesNotContain(key, "hunter2", "wJalrXUtn")
          .doesNotContain(
              Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8)),
              "68 75 6e 74 65 72 32");
    }
  }

  @Test
  void a_command_finds_no_secret_in_the_environment_of_the_process_that_started_it()
      throws Exception {
    Path pid = folder.resolve("pid");
    Path seen = folder.resolve("seen");
    try (SlipwayServer world = new SlipwayServer(folder)) {
      world.set(
          "DEPLOY_CMD", "cat /proc/$(cat " + pid + ")/environ >" + seen + "; echo done >>" + seen);
      try (JarProcess jar = JarProcess.start(world.environment(), folder)) {
        Files.writeString(pid, Long.toString(jar.pid()));
        assertThat(jar.deliver(SlipwayServer.event())).isEqualTo(202);
        assertThat(world.awaitEnd().getLast().state()).isEqualTo("success");
      }
    }
    assertThat(Files.readString(seen, StandardCharsets.ISO_8859_1))
        .endsWith("done\n")
        .doesNotContain(SlipwayServer.SECRET, "ghp_", "api-token-of-the-test");
  }
}
