package dev.slipway.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Lets the JVM's optimising compiler have what time the rest of Slipway leaves of the cores: on two
 * of them, deliveries waited for it in the first minutes.
 */
public final class CompilerPriority {
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final String OPTIMISING = "C2 CompilerThre";

  /** Linux's {@code setpriority(PRIO_PROCESS, …)}, which is for one thread there. */
  private static final int OF_THREAD = 0;

  /** A tenth of the time, where others want it. */
  private static final int NICE = 10;

  private CompilerPriority() {}

  /** Where that cannot be done, nothing is lost but time. */
  public static void lower() {
    Optional<CLibrary> setPriority = CLibrary.function("setpriority");
    if (setPriority.isEmpty() || !Files.isDirectory(TASKS)) {
      return;
    }
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        if (name(task).startsWith(OPTIMISING)) {
          long number = Long.parseLong(task.getFileName().toString());
          long _ = setPriority.get().call(OF_THREAD, number, NICE);
        }
      }
    } catch (IOException hidden) {
      // Then it stays as it is
    }
  }

  /** Empty when the thread has ended meanwhile; the others are read all the same. */
  private static String name(Path task) {
    try {
      return Files.readString(task.resolve("comm"));
    } catch (IOException ended) {
      return "";
    }
  }
}
