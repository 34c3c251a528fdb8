package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What somebody sees who starts the jar with an older Java. */
class LauncherIT {
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");
  private static final int CLASS_FILE_OF_JAVA_11 = 55;

  private static Optional<Path> olderJava() throws IOException {
    Path folder = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> homes = Files.list(folder)) {
      return homes
          .filter(home -> Files.isExecutable(home.resolve("bin/java")))
          .filter(home -> version(home) >= 11 && version(home) < 25)
          .map(home -> home.resolve("bin/java"))
          .findFirst();
    }
  }

  private static int version(Path home) {
    try {
      Path release = home.resolve("release");
      Matcher found = VERSION.matcher(Files.exists(release) ? Files.readString(release) : "");
      return found.find() ? Integer.parseInt(found.group(1)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void the_jar_starts_with_a_class_that_java_11_can_read() throws Exception {
    try (JarFile jar = new JarFile(System.getProperty("slipway.jar"))) {
      String main = jar.getManifest().getMainAttributes().getValue("Main-Class");
      String file = main.replace('.', '/') + ".class";
      try (DataInputStream start = new DataInputStream(jar.getInputStream(jar.getEntry(file)))) {
        assertThat(start.readInt()).isEqualTo(0xCAFEBABE);
        assertThat(start.readUnsignedShort()).isZero();
        assertThat(start.readUnsignedShort()).isEqualTo(CLASS_FILE_OF_JAVA_11);
      }
    }
  }

  @Test
  void an_older_java_says_in_one_line_which_one_is_needed() throws Exception {
    Optional<Path> java = olderJava();
    assumeTrue(java.isPresent(), "no older JDK in /usr/lib/jvm");
    Process process =
        new ProcessBuilder(
                List.of(
                    java.get().toString(), "-jar", System.getProperty("slipway.jar"), "version"))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(said.lines()).hasSize(1);
    assertThat(said).contains("Slipway needs Java 25 or newer", "this is Java ");
  }
}
