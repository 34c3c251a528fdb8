package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmOptionsTest {
  private static final Path JAVA = Path.of("/jdk/bin/java");

  @TempDir Path folder;
  private Path jar;

  @BeforeEach
  void makeAJar() throws IOException {
    jar = Files.createFile(folder.resolve("slipway.jar"));
    Files.setLastModifiedTime(jar, FileTime.from(Instant.ofEpochSecond(1000)));
  }

  private Optional<List<String>> better(List<String> options, String... arguments) {
    return better(Map.of(), options, arguments);
  }

  private Optional<List<String>> better(
      Map<String, String> environment, List<String> options, String... arguments) {
    List<String> line = new ArrayList<>(List.of("java"));
    line.addAll(options);
    line.addAll(List.of("-jar", jar.toString()));
    line.addAll(List.of(arguments));
    return JvmOptions.better(JAVA, line, List.of(arguments), environment);
  }

  @Test
  void a_server_started_without_options_gets_some() {
    assertThat(better(List.of()).orElseThrow())
        .startsWith(JAVA.toString(), "-XX:+UseSerialGC")
        .endsWith("-jar", jar.toString());
    assertThat(better(List.of(), "serve").orElseThrow()).endsWith(jar.toString(), "serve");
  }

  @Test
  void whoever_gives_an_option_is_left_alone() {
    assertThat(better(List.of("-Xmx1g"))).isEmpty();
    assertThat(better(List.of("@options"))).isEmpty();
    assertThat(better(Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g"), List.of())).isEmpty();
    assertThat(better(Map.of("JDK_JAVA_OPTIONS", "-Xmx1g"), List.of())).isEmpty();
    assertThat(better(Map.of("JDK_JAVA_OPTIONS", " "), List.of())).isPresent();
  }

  @Test
  void training_leaves_a_cache_beside_the_jar_that_holds_wherever_it_is_started_from() {
    assertThat(better(List.of(), "train").orElseThrow())
        .contains("-XX:AOTCacheOutput=" + folder.resolve("slipway.aot"), jar.toString())
        .contains("-XX:TieredStopAtLevel=1")
        .endsWith("train");
    assertThat(better(List.of("-XX:AOTCacheOutput=other.aot"), "train")).isEmpty();
  }

  @Test
  void commands_that_soon_end_get_none() {
    assertThat(better(List.of(), "check")).isEmpty();
    assertThat(better(List.of(), "backup", "file")).isEmpty();
    assertThat(better(List.of(), "serve", "what")).isEmpty();
  }

  @Test
  void a_server_that_was_not_started_as_a_jar_gets_none() {
    List<String> line = List.of("java", "-cp", "slipway.jar", "dev.slipway.cli.Main");
    assertThat(JvmOptions.better(JAVA, line, List.of(), Map.of())).isEmpty();
  }

  @Test
  void a_cache_beside_the_jar_is_used_unless_it_is_older() throws Exception {
    Path cache = Files.writeString(folder.resolve("slipway.aot"), "a cache");
    assertThat(better(List.of()).orElseThrow()).contains("-XX:AOTCache=" + cache);

    Files.setLastModifiedTime(cache, FileTime.from(Instant.ofEpochSecond(999)));
    assertThat(better(List.of()).orElseThrow())
        .noneMatch(option -> option.startsWith("-XX:AOTCache"));
  }

  @Test
  void a_cache_that_could_not_be_made_is_not_used() throws Exception {
    Path _ = Files.createFile(folder.resolve("slipway.aot"));
    assertThat(better(List.of()).orElseThrow())
        .noneMatch(option -> option.startsWith("-XX:AOTCache"));
  }
}
