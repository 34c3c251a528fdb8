package dev.slipway.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that hides, and another one of the same user that looks. */
class ProcessHardeningTest {
  private static final boolean ROOT = System.getProperty("user.name").equals("root");

  @TempDir Path folder;

  /** Hides and waits. */
  public static final class Elsewhere {
    private Elsewhere() {}

    /** Says what could not be hidden, and what it still knows. */
    public static void main(String[] arguments) throws IOException {
      String known = System.getenv("GITHUB_TOKEN");
      System.out.println(
          ProcessHardening.hide(System.getenv().keySet()).orElse("hidden")
              + ", "
              + known
              + System.getenv("GITHUB_TOKEN"));
      int _ = System.in.read();
    }
  }

  /** Root may read everything, so both are somebody else where root runs the tests. */
  private static ProcessBuilder process(List<String> line) {
    List<String> whole = new ArrayList<>();
    if (ROOT) {
      whole.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
    }
    whole.addAll(line);
    return new ProcessBuilder(whole).redirectErrorStream(true);
  }

  private static String said(List<String> line) throws Exception {
    Process process = process(line).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  private Path classes() throws IOException {
    Path classes = folder.resolve("classes");
    for (Class<?> one : List.of(ProcessHardening.class, CLibrary.class, Elsewhere.class)) {
      String name = one.getName().replace('.', '/') + ".class";
      Path file = classes.resolve(name);
      Files.createDirectories(file.resolveSibling(""));
      try (var in = ProcessHardening.class.getResourceAsStream("/" + name)) {
        assertThat(in).isNotNull();
        Files.write(file, in.readAllBytes());
      }
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return classes;
  }

  private void with_a_hidden_process(Check check) throws Exception {
    ProcessBuilder builder =
        process(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes().toString(),
                Elsewhere.class.getName()));
    builder.environment().putAll(Map.of("GITHUB_TOKEN", "ghp_geheim", "LC_ALL", "C.UTF-8"));
    Process hidden = builder.start();
    try (var out = hidden.inputReader()) {
      assertThat(out.readLine()).isEqualTo("hidden, ghp_geheimghp_geheim");
      check.of(hidden);
    } finally {
      hidden.destroyForcibly().waitFor();
    }
  }

  private interface Check {
    void of(Process hidden) throws Exception;
  }

  @Test
  void nobody_of_the_same_user_reads_its_environment_and_memory() throws Exception {
    with_a_hidden_process(
        hidden -> {
          for (String file : List.of("environ", "mem")) {
            assertThat(said(List.of("head", "-c", "1", "/proc/" + hidden.pid() + "/" + file)))
                .contains("Permission denied");
          }
        });
  }

  @Test
  void its_environment_holds_no_secret_whoever_reads_it() throws Exception {
    Assumptions.assumeTrue(ROOT, "only root reads what is hidden");
    with_a_hidden_process(
        hidden ->
            assertThat(Files.readString(Path.of("/proc/" + hidden.pid() + "/environ")))
                .contains("LC_ALL=C.UTF-8", "GITHUB_TOKEN=\0")
                .doesNotContain("geheim"));
  }
}
