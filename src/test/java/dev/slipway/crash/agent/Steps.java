package dev.slipway.crash.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Runs inside Slipway: names each step that it comes to by its callers, writes new names down, and
 * dies at the one that was asked for. Knows nothing but the JDK.
 */
public final class Steps {
  private static final Map<String, Integer> TIMES = new ConcurrentHashMap<>();
  private static final String DIE_AT = System.getProperty("crash.step", "");
  private static final String RECORD = System.getProperty("crash.record", "");
  private static final int DEEP = 7;

  private Steps() {}

  /** Called by what the agent put into the methods. */
  public static void at(String what) {
    String name = what + " " + callers();
    int times = TIMES.merge(name, 1, Integer::sum);
    if (times == 1 && !RECORD.isEmpty()) {
      record(name);
    }
    if ((times + " " + name).equals(DIE_AT)) {
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
          Path.of(RECORD), name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
