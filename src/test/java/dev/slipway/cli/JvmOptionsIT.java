package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.slipway.server.Await;
import dev.slipway.server.JarProcess;
import dev.slipway.server.SlipwayServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What {@code java -jar slipway.jar} becomes. */
@EnabledOnOs(OS.LINUX)
class JvmOptionsIT {
  @TempDir Path folder;

  private static List<String> command(Path jar, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of("env", "-u", "JAVA_TOOL_OPTIONS", "-u", "JDK_JAVA_OPTIONS", java()));
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", jar.toString()));
    return command;
  }

  private JarProcess start(Path jar, String... options) throws IOException {
    return JarProcess.run(
        command(jar, options),
        Map.of(
            "GITHUB_WEBHOOK_SECRET",
            SlipwayServer.SECRET,
            "SLIPWAY_DATA",
            folder.resolve("data").toString()),
        folder);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path jar() {
    return Path.of(System.getProperty("slipway.jar"));
  }

  private static List<String> line(JarProcess slipway) throws IOException {
    byte[] line = Files.readAllBytes(Path.of("/proc/" + slipway.pid() + "/cmdline"));
    return List.of(new String(line, StandardCharsets.UTF_8).split("\0"));
  }

  private static List<Path> openFiles(JarProcess slipway) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> links =
        Files.newDirectoryStream(Path.of("/proc/" + slipway.pid() + "/fd"))) {
      for (Path link : links) {
        files.add(Files.readSymbolicLink(link));
      }
    }
    return files;
  }

  @Test
  void a_server_without_options_gives_itself_some_and_keeps_its_number() throws Exception {
    try (JarProcess slipway = start(jar())) {
      assertThat(line(slipway)).contains("-XX:+UseSerialGC");
      assertThat(slipway.output()).contains("Its JVM has options of Slipway's");
      assertThat(openFiles(slipway)).containsOnlyOnce(jar().toRealPath());

      slipway.terminate();
      assertThat(slipway.awaitExit()).isZero();
    }
  }

  @Test
  void what_is_optimised_waits_for_what_is_asked() throws Exception {
    try (JarProcess slipway = start(jar())) {
      Await.until(
          () -> niceness(slipway, "C2 CompilerThre").toString(),
          () -> niceness(slipway, "C2 CompilerThre").contains(10));
      Await.until(
          () -> niceness(slipway, "database writer").toString(),
          () -> niceness(slipway, "database writer").equals(Set.of(0)));
    }
  }

  /** How much each of the threads of this name lets others go first. */
  private static Set<Integer> niceness(JarProcess slipway, String name) {
    Set<Integer> niceness = new HashSet<>();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + slipway.pid() + "/task"))) {
      for (Path task : tasks) {
        String stat = Files.readString(task.resolve("stat"));
        if (stat.contains("(" + name)) {
          niceness.add(
              Integer.valueOf(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]));
        }
      }
    } catch (IOException gone) {
      // A thread that has ended meanwhile
    }
    return niceness;
  }

  @Test
  void a_server_with_an_option_keeps_to_it() throws Exception {
    try (JarProcess slipway = start(jar(), "-Xmx300m")) {
      assertThat(line(slipway)).containsExactly(java(), "-Xmx300m", "-jar", jar().toString());
      assertThat(slipway.output()).doesNotContain("options of Slipway's");
    }
  }

  @Test
  void a_broken_cache_beside_the_jar_stops_nothing() throws Exception {
    Path jar = Files.createSymbolicLink(folder.resolve("linked.jar"), jar());
    Path cache = Files.writeString(folder.resolve("linked.aot"), "not a cache");
    try (JarProcess slipway = start(jar)) {
      assertThat(line(slipway)).contains("-XX:AOTCache=" + cache);
    }
  }

  @Test
  void what_training_leaves_beside_the_jar_is_used_from_any_folder() throws Exception {
    Path place = Files.createDirectory(folder.resolve("place"));
    Path jar = Files.createSymbolicLink(place.resolve("linked.jar"), jar());
    List<String> training = command(jar.getFileName());
    training.add("train");
    Path output = folder.resolve("training");
    Process process =
        new ProcessBuilder(training)
            .directory(place.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    // JDK 25.0.3's own process crashes over some class paths with a library in two versions
    assumeFalse(Files.readString(output).contains("Child process failed"), "the JDK failed");

    try (JarProcess slipway = start(jar)) {
      assertThat(line(slipway)).contains("-XX:AOTCache=" + place.resolve("linked.aot"));
      assertThat(slipway.output()).doesNotContain("[aot]");
    }
  }
}
