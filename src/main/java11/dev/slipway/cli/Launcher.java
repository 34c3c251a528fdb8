package dev.slipway.cli;

/**
 * Where the jar starts. Compiled so that an older Java can run it, and alone, so that such a one
 * says what Slipway needs instead of a version of class files: another class is looked at only when
 * it is used.
 */
public final class Launcher {
  private static final int NEEDED = 25;

  private Launcher() {}

  /** Goes on with {@code Main}, or ends with 2 where Java is too old. */
  public static void main(String[] arguments) throws InterruptedException {
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
    Main.main(arguments);
  }
}
