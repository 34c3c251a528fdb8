package dev.slipway;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Folders for tests, which are deleted when the tests are over. Those in memory are on disk, too,
 * where the system has no such place, with room, from which programs may run.
 */
public final class TestFolders implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final long ROOM = 1L << 30;
  private static final Path IN_MEMORY = root(isFit() ? MEMORY : temporary());
  private static final Path ON_DISK = root(temporary());

  /** A commit waits for the disk, and tests make tens of thousands. */
  public static Path inMemory(String prefix) throws IOException {
    return Files.createTempDirectory(IN_MEMORY, prefix);
  }

  /** For what is large. */
  public static Path onDisk(String prefix) throws IOException {
    return Files.createTempDirectory(ON_DISK, prefix);
  }

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
      throws IOException {
    return inMemory("junit-");
  }

  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static Path root(Path parent) {
    try {
      Path root = Files.createTempDirectory(parent, "slipway-tests-");
      // Some tests run commands as another user
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
      deleteAfterwards(root);
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFit() {
    try {
      return Files.getFileStore(MEMORY).getUsableSpace() >= ROOM && runsPrograms();
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static boolean runsPrograms() throws IOException {
    Path script = Files.createTempFile(MEMORY, "slipway", ".sh");
    try {
      Files.writeString(script, "#!/bin/sh\nexit 0\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      return new ProcessBuilder(script.toString()).start().waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      Files.delete(script);
    }
  }

  /** By a process of its own: a hundred thousand files take long, and a killed JVM deletes none. */
  private static void deleteAfterwards(Path folder) throws IOException {
    Process _ =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "while kill -0 \"$1\"; do sleep 1; done; exec rm -rf \"$2\"",
                "sh",
                Long.toString(ProcessHandle.current().pid()),
                folder.toString())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }
}
