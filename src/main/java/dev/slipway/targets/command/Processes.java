package dev.slipway.targets.command;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Starts processes. */
final class Processes {
  private static final File NOTHING = new File("/dev/null");

  /** Those of the pipes and files of a start, and some for what other threads open meanwhile. */
  private static final int FOR_JAVA = 32;

  private Processes() {}

  /**
   * Starts one, if there are files left for it. When Java 25 finds out too late that there are
   * none, it closes descriptors that it never opened: numbers that happened to be on its stack, so
   * perhaps those of the database or of its own classes.
   *
   * @throws IOException when it surely was not started
   */
  static Process start(ProcessBuilder builder) throws IOException {
    requireDescriptors(FOR_JAVA);
    return builder.start();
  }

  /**
   * Looks whether there are files left for a start, and for what has to be known of the process.
   *
   * @throws IOException when there are not
   */
  static void requireDescriptors(int number) throws IOException {
    List<FileInputStream> probes = new ArrayList<>(number);
    try {
      while (probes.size() < number) {
        probes.add(new FileInputStream(NOTHING));
      }
    } finally {
      for (FileInputStream probe : probes) {
        probe.close();
      }
    }
  }
}
