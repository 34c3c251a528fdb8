package dev.slipway.app;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Where the jar starts. Compiled so that an older Java can run it, and alone, so that such a one
 * says what Slipway needs instead of a version of class files.
 */
public final class Launcher {
  private static final int NEEDED = 25;

  private Launcher() {}

  /** Goes on with {@code Main}, or ends with 2 where Java is too old. */
  public static void main(String[] arguments) throws Throwable {
    int version = Runtime.version().feature();
    if (version < NEEDED) {
      System.err.println(
          "Slipway needs Java "
              + NEEDED
              + " or newer, and this is Java "
              + version
              + " in "
              + System.getProperty("java.home")
              + "; start it with the java of a JDK "
              + NEEDED);
      System.exit(2);
    }
    // By its name: the compiler for the older Java must not look at it
    MethodHandles.lookup()
        .findStatic(
            Class.forName("dev.slipway.app.Main"),
            "main",
            MethodType.methodType(void.class, String[].class))
        .invoke(arguments);
  }
}
