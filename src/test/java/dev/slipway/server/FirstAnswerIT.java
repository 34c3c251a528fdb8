package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first answer after a start does not wait for. */
class FirstAnswerIT {
  @TempDir Path folder;

  @Test
  void the_first_delivery_is_taken_without_classes_that_are_slow_to_load() throws Exception {
    try (JarProcess slipway =
        JarProcess.start(
            Map.of(
                "GITHUB_WEBHOOK_SECRET",
                SlipwayServer.SECRET,
                "GITHUB_API_URL",
                "http://127.0.0.1:1",
                "SLIPWAY_DATA",
                folder.resolve("data").toString(),
                "SLIPWAY_RECONCILE_EVERY",
                "off",
                "DEPLOY_CMD",
                "true"),
            folder,
            "-XX:TieredStopAtLevel=1",
            "-Xlog:class+load")) {
      assertThat(slipway.deliver(SlipwayServer.event(1, "production", SlipwayServer.SHA)))
          .isEqualTo(202);
      assertThat(slipway.output().lines())
          .anyMatch(line -> line.contains(" dev.slipway.intake.JsonExcerpt "))
          .noneMatch(line -> line.contains(" jdk.nio.zipfs.ZipFileSystem "))
          .noneMatch(line -> line.contains(" org.apache.sshd.client.SshClient "))
          .noneMatch(line -> line.contains(" gg.jte.TemplateEngine "));
    }
  }
}
