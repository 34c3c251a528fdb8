package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as users get it, started as a process of its own. */
@Order(1) // takes long
class DemoIT {
  @TempDir Path folder;

  private record Ended(int code, String out) {}

  private Ended slipway(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("slipway.jar")));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("(SLIPWAY|GITHUB|DEPLOY).*|PORT"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out;
    try (InputStream stream = process.getInputStream()) {
      out = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), out);
  }

  @Test
  void the_demo_shows_every_scene_and_ends_well() throws Exception {
    Ended demo = slipway(Map.of(), "demo", "--once");

    assertThat(demo.out())
        .contains("A good day", "A bad day", "A failing build")
        .contains("create deployment", "deployment event", "in_progress", "success", "failure")
        .contains("View logs: http://localhost:")
        .doesNotContain("✘", "Exception", " WARN ", "WARNING");
    assertThat(demo.code()).isZero();
  }

  @Test
  void without_a_secret_the_start_stops_with_all_problems_at_once() throws Exception {
    Ended start = slipway(Map.of("PORT", "many", "SLIPWAY_PUBLIC_URL", "deploy.example.com"));

    assertThat(start.code()).isEqualTo(2);
    assertThat(start.out())
        .contains("there are 3 problems")
        .contains("GITHUB_WEBHOOK_SECRET", "PORT", "SLIPWAY_PUBLIC_URL");
  }

  @Test
  void check_shows_the_routes_and_an_unknown_word_the_usage() throws Exception {
    Ended check =
        slipway(
            Map.of("GITHUB_WEBHOOK_SECRET", "a-long-enough-secret", "DEPLOY_CMD", "true"), "check");
    assertThat(check.code()).isZero();
    assertThat(check.out()).contains("Route default", "shell", "The configuration is fine.");

    Ended nonsense = slipway(Map.of(), "launch");
    assertThat(nonsense.code()).isEqualTo(2);
    assertThat(nonsense.out()).contains("launch", "java -jar slipway.jar");
  }

  @Test
  void the_jar_prints_the_help_of_a_command_and_its_version() throws Exception {
    Ended help = slipway(Map.of(), "backup", "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).startsWith("Usage: java -jar slipway.jar backup [-h] FILE");

    Ended version = slipway(Map.of(), "--version");
    assertThat(version.code()).isZero();
    assertThat(version.out()).matches("Slipway \\d\\S+\\R");
  }

  @Test
  void a_cache_that_is_none_or_is_not_there_stops_nothing() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.aot"), "not a cache");
    for (Path cache : List.of(broken, folder.resolve("missing.aot"))) {
      Ended version = slipway(Map.of("JDK_JAVA_OPTIONS", "-XX:AOTCache=" + cache), "version");

      assertThat(version.code()).isZero();
      assertThat(version.out()).contains("AOT cache").containsPattern("(?m)^Slipway ");
    }
  }
}
