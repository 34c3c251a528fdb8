package dev.slipway.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Runs inside the Slipway that {@link SteppedJar} makes: names each step that it comes to by its
 * callers, writes new names down, and dies at the one that was asked for. Knows nothing but the
 * JDK.
 */
public final class Steps {
  /** Names the file that the steps are written to. */
  static final String RECORD = "crash.record";

  /** At which step to die, behind the number of the time. */
  static final String DIE_AT = "crash.step";

  private static final Map<String, Integer> TIMES = new ConcurrentHashMap<>();
  private static final String DEATH = System.getProperty(DIE_AT, "");
  private static final String FILE = System.getProperty(RECORD, "");
  private static final int DEEP = 7;

  private Steps() {}

  /** Called by what was put into the methods. */
  public static void at(String what) {
    if (FILE.isEmpty()) {
      return;
    }
    String name = what + " " + callers();
    int times = TIMES.merge(name, 1, Integer::sum);
    if (times == 1) {
      record(name);
    }
    if ((times + " " + name).equals(DEATH)) {
      Runtime.getRuntime().halt(137);
    }
  }

  private static String callers() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> frame.getClassName().startsWith("dev.slipway."))
                    .filter(frame -> !frame.getClassName().startsWith("dev.slipway.crash."))
                    .filter(frame -> !frame.getMethodName().contains("lambda$"))
                    .filter(frame -> !frame.getClassName().contains("$Definition"))
                    .skip(1)
                    .limit(DEEP)
                    .map(Steps::name)
                    .collect(Collectors.joining("<")));
  }

  private static String name(StackWalker.StackFrame frame) {
    String type = frame.getClassName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
  }

  private static synchronized void record(String name) {
    try {
      Files.writeString(
          Path.of(FILE), name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
